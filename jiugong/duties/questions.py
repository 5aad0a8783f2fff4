"""What duties ask that another room keeps. `jiugong/sources.py` says who answers."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

Answer = Callable[[int, datetime, datetime], QuerySet[Any]]

_answers: dict[str, Answer] = {}


def kept_elsewhere(kind: str) -> bool:
    """Is evidence of this kind kept by another room?"""
    return kind in _answers


def evidence_elsewhere(kind: str, park_id: int, start: datetime, end: datetime) -> QuerySet[Any]:
    """Rows with `person_id` and `place_id` of evidence that another room keeps, `start <= when < end`."""
    return _answers[kind](park_id, start, end)


def ask_for_evidence(kind: str, answer: Answer) -> None:
    """Say who answers for a kind of evidence. Only `jiugong/sources.py` uses this."""
    _answers[kind] = answer
