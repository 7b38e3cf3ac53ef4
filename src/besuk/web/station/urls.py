"""The inmate's side."""

from django.urls import URLPattern, path

from besuk.web.station import call, idle, pair, support

urlpatterns: list[URLPattern] = [
    path("", idle.idle, name="station_idle"),
    path("pair/", pair.pair, name="station_pair"),
    path("support/", support.ask, name="station_support"),
    path("call/", call.call, name="station_call"),
]
