"""A matter: something that needs somebody now, as a room tells it to the board."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Matter:
    """What needs somebody, who owns it, since or until when, and where it is dealt with.

    `state` is one of the states of the design (late, missing, held, excused, owed, done). `enterprises` are the numbers
    of those that it concerns: their squares, and that of their grid, glow.
    """

    text: str
    url: str
    state: str = "missing"
    owner: str = ""
    since: datetime | None = None
    until: datetime | None = None
    enterprises: tuple[int, ...] = ()
