from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "besuk.flow.oversight"
    label = "oversight"

    def ready(self) -> None:
        from besuk.flow.oversight.listeners import connect

        connect()
