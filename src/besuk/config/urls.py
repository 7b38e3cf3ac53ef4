"""Every address. A view names its capability; tests/architecture walks this list."""

from django.urls import URLResolver, include, path

urlpatterns: list[URLResolver] = [
    path("", include("besuk.web.urls")),
]

handler400 = "besuk.web.shared.errors.bad_request"
handler403 = "besuk.web.shared.errors.forbidden"
handler404 = "besuk.web.shared.errors.not_found"
handler500 = "besuk.web.shared.errors.broken"
