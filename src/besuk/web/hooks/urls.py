"""Where other programs report."""

from django.urls import URLPattern, path

from besuk.web.hooks import media

urlpatterns: list[URLPattern] = [
    path("media", media.media_report, name="media_report"),
]
