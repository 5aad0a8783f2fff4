from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "jiugong.work"
    label = "work"
