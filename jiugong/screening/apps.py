from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "jiugong.screening"
    label = "screening"
