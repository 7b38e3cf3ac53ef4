from django.apps import AppConfig


class FacilitiesConfig(AppConfig):
    name = "besuk.ground.facilities"
    label = "facilities"
