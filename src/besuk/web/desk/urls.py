"""The desk. One address a line: several people add here."""

from django.urls import URLPattern, path

from besuk.web.desk import day

urlpatterns: list[URLPattern] = [
    path("day/", day.day, name="desk_day"),
    path("day/list/", day.day_list, name="desk_day_list"),
    path("day/<str:ref>/", day.day_visit, name="desk_day_visit"),
    path("stations/<str:ref>/pair/", day.pair_code, name="desk_pair_code"),
]
