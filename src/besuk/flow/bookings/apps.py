from django.apps import AppConfig


class BookingsConfig(AppConfig):
    name = "besuk.flow.bookings"
    label = "bookings"

    def ready(self) -> None:
        from besuk.flow.bookings.listeners import connect

        connect()
