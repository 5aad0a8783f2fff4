from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "jiugong.accounts"
    label = "accounts"
