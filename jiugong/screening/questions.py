"""What screening asks that another room keeps. `jiugong/sources.py` says who answers."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

_excused_people: Callable[[int, str, datetime], QuerySet[Any]] | None = None


def excused_people(park_id: int, duty: str, at: datetime) -> QuerySet[Any]:
    """Rows with a `person_id` of everybody who is excused from a duty at a moment."""
    if _excused_people is None:
        raise RuntimeError("Nobody answers who is excused: jiugong/sources.py was not read.")
    return _excused_people(park_id, duty, at)


def ask_excused_people_of(answer: Callable[[int, str, datetime], QuerySet[Any]]) -> None:
    global _excused_people
    _excused_people = answer
