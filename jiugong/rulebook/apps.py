from django.apps import AppConfig


class RulebookConfig(AppConfig):
    name = "jiugong.rulebook"
    label = "rulebook"
