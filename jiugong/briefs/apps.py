from django.apps import AppConfig


class BriefsConfig(AppConfig):
    name = "jiugong.briefs"
    label = "briefs"
