from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "besuk.flow.oversight"
    label = "oversight"
