"""Saved mappings: which of their columns is which of ours."""

from collections.abc import Mapping

from jiugong.registry import models
from jiugong.registry.errors import MappingUnknown

Headings = Mapping[str, Mapping[str, str]]


def mapping_called(park: models.Park | None, name: str, park_name: str = "") -> Headings:
    """The headings of a saved mapping: {"人员台账": {"their heading": "our heading"}}. Raises MappingUnknown."""
    saved = {each.name: each.headings for each in mappings_of(park)} if park else {}
    if name not in saved:
        raise MappingUnknown(mapping=name, park=park_name or str(park or ""), saved="、".join(saved) or "—")
    headings: Headings = saved[name]
    return headings


def mappings_of(park: models.Park) -> list[models.Mapping]:
    """The saved mappings of a park, by name."""
    return list(models.Mapping.objects.filter(park=park).order_by("name"))
