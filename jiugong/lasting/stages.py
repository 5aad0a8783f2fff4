"""The life of an erasure: which stage may follow which."""

from enum import StrEnum


class Stage(StrEnum):
    """Where an erasure stands. Once it is released it goes on after every interruption, and never back."""

    PROPOSED = "proposed"
    WITHDRAWN = "withdrawn"
    RELEASED = "released"
    DONE = "done"


NEXT: dict[Stage, set[Stage]] = {
    Stage.PROPOSED: {Stage.WITHDRAWN, Stage.RELEASED},
    Stage.RELEASED: {Stage.DONE},
    Stage.WITHDRAWN: set(),
    Stage.DONE: set(),
}
