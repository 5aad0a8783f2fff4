from django.apps import AppConfig


class TracingConfig(AppConfig):
    name = "jiugong.tracing"
    label = "tracing"

    def ready(self) -> None:
        """Say which columns of this room are sealed, so that turning the keys reseals them too."""
        from jiugong.registry.sealed import SealedColumn, add_sealed
        from jiugong.tracing.models import Flagged, Pseudonym

        add_sealed(SealedColumn(Pseudonym, "id_sealed", "tracing_pseudonym.id_number", "number"),
                   SealedColumn(Flagged, "name_sealed", "tracing_flagged.name", "line_key"),
                   SealedColumn(Flagged, "id_sealed", "tracing_flagged.id_number", "line_key"),
                   SealedColumn(Flagged, "phone_sealed", "tracing_flagged.phone", "line_key"))
