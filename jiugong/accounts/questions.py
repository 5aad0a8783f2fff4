"""What accounts asks of higher floors: when an account last did something, and when it last looked at somebody's identity."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

Answer = Callable[[int, Iterable[str]], Mapping[str, datetime]]        # a park, actors' keys → when last

_deeds: list[Answer] = []
_looks: list[Answer] = []


def ask_last_deeds_of(answer: Answer) -> None:
    """Say who knows when an account last did something in a park (`jiugong/sources.py`)."""
    if answer not in _deeds:
        _deeds.append(answer)


def ask_last_looks_of(answer: Answer) -> None:
    """Say who knows when an account last looked at somebody's number in full."""
    if answer not in _looks:
        _looks.append(answer)


def last_deeds(park_id: int, keys: Iterable[str]) -> Mapping[str, datetime]:
    return _asked(_deeds, park_id, keys)


def last_looks(park_id: int, keys: Iterable[str]) -> Mapping[str, datetime]:
    return _asked(_looks, park_id, keys)


def _asked(answers: list[Answer], park_id: int, keys: Iterable[str]) -> Mapping[str, datetime]:
    return {key: at for answer in answers for key, at in answer(park_id, keys).items()}
