"""Saved mappings: which of their columns is which of ours."""

from collections.abc import Mapping, Sequence

from jiugong.lib.sheets import Sheet, as_text, heading_key
from jiugong.registry import models
from jiugong.registry.errors import MappingUnknown
from jiugong.registry.logic.suggesting import ROWS_LOOKED_AT

Headings = Mapping[str, Mapping[str, str]]


def mapping_called(park: models.Park | None, name: str, park_name: str = "") -> Headings:
    """The headings of a saved mapping: {"人员台账": {"their heading": "our heading"}}. Raises MappingUnknown."""
    saved = {each.name: each.headings for each in mappings_of(park)} if park else {}
    if name not in saved:
        raise MappingUnknown(mapping=name, park=park_name or str(park or ""), saved="、".join(saved) or "—")
    headings: Headings = saved[name]
    return headings


def mapping_fitting(park: models.Park, book: Sequence[Sheet]) -> str:
    """The newest saved mapping whose every heading stands in a workbook, by name; nothing where none fits."""
    written = {heading_key(as_text(cell)) for sheet in book for row in sheet.rows[:ROWS_LOOKED_AT] for cell in row if cell}
    for each in sorted(mappings_of(park), key=lambda one: one.saved_at, reverse=True):
        theirs = {heading_key(heading) for pairs in each.headings.values() for heading in pairs}
        if theirs and theirs <= written:
            return each.name
    return ""


def mappings_of(park: models.Park) -> list[models.Mapping]:
    """The saved mappings of a park, by name."""
    return list(models.Mapping.objects.filter(park=park).order_by("name"))
