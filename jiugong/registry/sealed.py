"""Which columns of the house are sealed: the rotation of keys walks through them.

A room that seals a column of its own adds it to this list when it starts (`apps.py`, `ready`).
"""

from dataclasses import dataclass

from django.apps import apps
from django.db.models import BinaryField, Model

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


def forgotten_columns() -> list[str]:
    """Columns called `…sealed` that nobody has listed here: to turn the keys without them would lose what they hold."""
    listed = {(column.model, column.column) for column in SEALED}
    return [f"{model._meta.db_table}.{field.name}" for model in apps.get_models() for field in model._meta.fields
            if isinstance(field, BinaryField) and field.name.endswith("sealed") and (model, field.name) not in listed]
