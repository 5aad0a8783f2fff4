from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "jiugong.registry"
    label = "registry"
