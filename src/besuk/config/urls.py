"""Every address. A view names its capability; tests/architecture walks this list."""

from django.urls import URLResolver, include, path

urlpatterns: list[URLResolver] = [
    path("", include("besuk.web.urls")),
]
