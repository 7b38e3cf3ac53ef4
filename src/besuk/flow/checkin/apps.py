from django.apps import AppConfig


class CheckinConfig(AppConfig):
    name = "besuk.flow.checkin"
    label = "checkin"
