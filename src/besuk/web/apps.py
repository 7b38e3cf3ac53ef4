from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "besuk.web"
    label = "web"
