from django.apps import AppConfig


class StandingConfig(AppConfig):
    name = "jiugong.standing"
    label = "standing"
