from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "jiugong.screening"
    label = "screening"

    def ready(self) -> None:
        """Say which columns of this room are sealed, so that turning the keys reseals them too."""
        from jiugong.registry.sealed import SealedColumn, add_sealed
        from jiugong.screening.models import Specimen

        add_sealed(SealedColumn(Specimen, "id_sealed", "screening_specimen.id_number", "scan_id"),
                   SealedColumn(Specimen, "scanner_sealed", "screening_specimen.scanner", "scan_id"))
