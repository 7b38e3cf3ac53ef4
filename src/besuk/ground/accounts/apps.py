from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "besuk.ground.accounts"
    label = "accounts"
