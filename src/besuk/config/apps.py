from django.apps import AppConfig


class WiringConfig(AppConfig):
    name = "besuk.config"
    label = "config"

    def ready(self) -> None:
        from besuk.config import checks

        checks.register()
