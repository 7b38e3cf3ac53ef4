from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "besuk.ground.notices"
    label = "notices"

    def ready(self) -> None:
        from besuk.ground.notices.listeners import connect

        connect()
