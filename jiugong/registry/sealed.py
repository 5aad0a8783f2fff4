"""Which columns of the house are sealed: the rotation of keys walks through them.

A room that seals a column of its own adds it to this list when it starts (`apps.py`, `ready`).
"""

from dataclasses import dataclass

from django.db.models import Model

from jiugong.registry.models import Person, Upload


@dataclass(frozen=True)
class SealedColumn:
    """A column whose values stand sealed for `where.<key of the row>`; the key is a column that never changes."""

    model: type[Model]
    column: str
    where: str
    key: str = "uid"

    def where_of(self, row: Model) -> str:
        """What the value of this row was sealed for."""
        return f"{self.where}.{getattr(row, self.key)}"


SEALED = [
    SealedColumn(Person, "id_sealed", "registry_person.id_number"),
    SealedColumn(Person, "phone_sealed", "registry_person.phone"),
    SealedColumn(Upload, "sealed", "registry_upload.sealed"),
]


def add_sealed(*columns: SealedColumn) -> None:
    """Let the rotation of keys know about further columns. Saying it twice is no harm."""
    SEALED.extend(column for column in columns if column not in SEALED)
