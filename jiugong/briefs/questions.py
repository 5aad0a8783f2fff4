"""What the board asks of every room: what needs somebody here? `jiugong/sources.py` says who answers."""

from collections.abc import Callable, Iterable
from datetime import datetime

from jiugong.lib.acting import Actor
from jiugong.lib.matters import Matter
from jiugong.registry.models import Park

Answer = Callable[[Actor, Park, datetime], Iterable[Matter]]

_answers: list[Answer] = []


def ask_for_matters(answer: Answer) -> None:
    """Let a room say what needs somebody, within the actor's reach, at a moment. Only `jiugong/sources.py` uses this."""
    if answer not in _answers:
        _answers.append(answer)


def matters_elsewhere(actor: Actor, park: Park, at: datetime) -> list[Matter]:
    """What the rooms say."""
    return [matter for answer in _answers for matter in answer(actor, park, at)]
