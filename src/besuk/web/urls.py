"""Addresses by audience."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLResolver | URLPattern] = [
    path("", include("besuk.web.public.urls")),
    path("", include("besuk.web.visitor.urls")),
    path("station/", include("besuk.web.station.urls")),
    path("desk/", include("besuk.web.desk.urls")),
    path("wall/", include("besuk.web.wall.urls")),
    path("office/", include("besuk.web.office.urls")),
    path("door/", include("besuk.web.door.urls")),
    path("hooks/", include("besuk.web.hooks.urls")),
]
