from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "besuk.ground.audit"
    label = "audit"
