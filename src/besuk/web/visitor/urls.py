"""The family's side. One address a line: several people add here."""

from django.urls import URLPattern, path

from besuk.web.visitor import book, call, check_in, device_check, my_visits, register, support, voice

urlpatterns: list[URLPattern] = [
    path("register/", register.register, name="register"),
    path("register/<int:step>/", register.register, name="register_step"),
    path("my-visits/", my_visits.my_visits, name="my_visits"),
    path("ties/<str:ref>/book/", book.book, name="book"),
    path("ties/<str:ref>/complete/", my_visits.complete_tie, name="complete_tie"),
    path("visits/<str:ref>/confirm/", book.confirm_visit, name="confirm_visit"),
    path("visits/<str:ref>/cancel/", my_visits.cancel_visit, name="cancel_visit"),
    path("device-check/", device_check.device_check, name="device_check"),
    path("visits/<str:ref>/check-in/", check_in.check_in, name="check_in"),
    path("visits/<str:ref>/call/", call.call, name="call"),
    path("visits/<str:ref>/support/", support.ask, name="visit_support"),
    path("visits/<str:ref>/rating/", voice.rate_visit, name="visit_rating"),
    path("visits/<str:ref>/complaint/", voice.complaint, name="visit_complaint"),
    path("visits/<str:ref>/result/", call.visit_result, name="visit_result"),
]
