from django.apps import AppConfig


class BookingsConfig(AppConfig):
    name = "besuk.flow.bookings"
    label = "bookings"
