from django.apps import AppConfig


class LastingConfig(AppConfig):
    name = "jiugong.lasting"
    label = "lasting"
