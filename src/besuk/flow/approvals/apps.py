from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "besuk.flow.approvals"
    label = "approvals"
