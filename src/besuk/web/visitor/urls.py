"""The family's side. One address a line: several people add here."""

from django.urls import URLPattern, path

from besuk.web.visitor import call, check_in, device_check

urlpatterns: list[URLPattern] = [
    path("device-check/", device_check.device_check, name="device_check"),
    path("visits/<str:ref>/check-in/", check_in.check_in, name="check_in"),
    path("visits/<str:ref>/call/", call.call, name="call"),
    path("visits/<str:ref>/result/", call.visit_result, name="visit_result"),
]
