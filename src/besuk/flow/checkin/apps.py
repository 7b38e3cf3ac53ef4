from django.apps import AppConfig


class CheckinConfig(AppConfig):
    name = "besuk.flow.checkin"
    label = "checkin"

    def ready(self) -> None:
        from besuk.flow.checkin.listeners import connect

        connect()
