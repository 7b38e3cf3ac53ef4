"""The desk. One address a line: several people add here."""

from django.urls import URLPattern, path

from besuk.web.desk import day, day_complaint, day_outcome, day_rest, day_shift, day_station, vetting

urlpatterns: list[URLPattern] = [
    path("vetting/", vetting.vetting, name="desk_vetting"),
    path("vetting/<str:ref>/", vetting.vetting_tie, name="desk_vetting_tie"),
    path("documents/<str:ref>/", vetting.document, name="desk_document"),
    path("day/", day.day, name="desk_day"),
    path("day/list/", day.day_list, name="desk_day_list"),
    path("day/rest/", day_rest.day_rest, name="desk_day_rest"),
    path("day/shift/", day_shift.day_shift, name="desk_day_shift"),
    path("day/station/", day_station.day_station, name="desk_day_station"),
    path("day/outcomes/", day_outcome.day_outcomes, name="desk_day_outcomes"),
    path("day/<str:ref>/outcome/", day_outcome.day_outcome, name="desk_day_outcome"),
    path("day/<str:ref>/complaint/", day_complaint.day_complaint, name="desk_day_complaint"),
    path("day/<str:ref>/", day.day_visit, name="desk_day_visit"),
    path("stations/<str:ref>/pair/", day.pair_code, name="desk_pair_code"),
]
