from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "jiugong.duties"
    label = "duties"
