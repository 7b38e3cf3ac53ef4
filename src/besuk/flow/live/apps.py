from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "besuk.flow.live"
    label = "live"

    def ready(self) -> None:
        from besuk.flow.live.listeners import connect

        connect()
