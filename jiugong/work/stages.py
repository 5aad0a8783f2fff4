"""The life of a job: which stage may follow which."""

from enum import StrEnum


class Stage(StrEnum):
    """Where a job stands. It goes back to waiting when the worker stopped in the middle; nothing of it was written then."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"                      # it was answered, with a refusal and its reason
    FAILED = "failed"                        # a mistake of ours, or the worker stopped too often
    CANCELLED = "cancelled"


NEXT: dict[Stage, set[Stage]] = {
    Stage.WAITING: {Stage.RUNNING, Stage.CANCELLED},
    Stage.RUNNING: {Stage.DONE, Stage.REFUSED, Stage.FAILED, Stage.CANCELLED, Stage.WAITING},
    Stage.DONE: set(),
    Stage.REFUSED: set(),
    Stage.FAILED: set(),
    Stage.CANCELLED: set(),
}
UNFINISHED = (Stage.WAITING, Stage.RUNNING)
