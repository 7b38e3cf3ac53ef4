from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    name = "besuk.flow.complaints"
    label = "complaints"
