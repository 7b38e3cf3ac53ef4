from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "besuk.ground.media"
    label = "media"
