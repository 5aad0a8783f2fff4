"""What screening asks that another room keeps. `jiugong/sources.py` says who answers."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from jiugong.screening.logic.training import Training

Trainings = Callable[[int, Iterable[int]], Iterable[tuple[int, str, date, date | None]]]

_excused_people: Callable[[int, str, datetime], QuerySet[Any]] | None = None
_trainings: Trainings | None = None


def excused_people(park_id: int, duty: str, at: datetime) -> QuerySet[Any]:
    """Rows with a `person_id` of everybody who is excused from a duty at a moment."""
    if _excused_people is None:
        raise RuntimeError("Nobody answers who is excused: jiugong/sources.py was not read.")
    return _excused_people(park_id, duty, at)


def ask_excused_people_of(answer: Callable[[int, str, datetime], QuerySet[Any]]) -> None:
    global _excused_people
    _excused_people = answer


def trainings(park_id: int, person_ids: Iterable[int]) -> list[Training]:
    """Every training for a role that counts, of these people. Ids may come as a subquery."""
    if _trainings is None:
        raise RuntimeError("Nobody answers who is trained: jiugong/sources.py was not read.")
    return [Training(person_id=person, role=role, held_on=held_on, valid_until=valid_until)
            for person, role, held_on, valid_until in _trainings(park_id, person_ids)]


def ask_trainings_of(answer: Trainings) -> None:
    global _trainings
    _trainings = answer
