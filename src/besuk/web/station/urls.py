"""The inmate's side."""

from django.urls import URLPattern, path

from besuk.web.station import call, idle, pair

urlpatterns: list[URLPattern] = [
    path("", idle.idle, name="station_idle"),
    path("poll/", idle.poll, name="station_poll"),
    path("ready/", idle.ready, name="station_ready"),
    path("pair/", pair.pair, name="station_pair"),
    path("call/", call.call, name="station_call"),
]
