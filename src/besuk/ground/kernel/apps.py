from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "besuk.ground.kernel"
    label = "kernel"
