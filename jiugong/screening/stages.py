"""The life of a box of tubes: which stage may follow which."""

from enum import StrEnum


class Stage(StrEnum):
    """Where a box stands, and so who has it in hand."""

    OPEN = "open"                            # tubes are put in and taken out
    SEALED = "sealed"                        # at its point; what is in it is fixed
    OFFERED = "offered"                      # handed over by one side, not yet received by the other
    CARRIED = "carried"                      # received by somebody who takes it on
    DELIVERED = "delivered"                  # received at the laboratory
    DROPPED = "dropped"                      # was never filled, and is put away


NEXT: dict[Stage, set[Stage]] = {
    Stage.OPEN: {Stage.SEALED, Stage.DROPPED},
    Stage.SEALED: {Stage.OFFERED},
    Stage.OFFERED: {Stage.CARRIED, Stage.DELIVERED, Stage.SEALED},       # taken back, it is where it was before
    Stage.CARRIED: {Stage.OFFERED},
    Stage.DELIVERED: set(),
    Stage.DROPPED: set(),
}
ENDS = tuple(stage for stage, after in NEXT.items() if not after)
IN_HAND = (Stage.SEALED, Stage.CARRIED)      # somebody has it and may hand it over
