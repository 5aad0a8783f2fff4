from django.apps import AppConfig


class HouseConfig(AppConfig):
    """The house itself: when every room stands, say what follows from what, and who answers whom."""

    name = "jiugong"
    label = "house"

    def ready(self) -> None:
        from jiugong import checks, reactions, sources, tls_checks  # noqa: F401
