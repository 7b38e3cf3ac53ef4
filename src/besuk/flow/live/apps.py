from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "besuk.flow.live"
    label = "live"
