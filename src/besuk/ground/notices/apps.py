from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "besuk.ground.notices"
    label = "notices"
