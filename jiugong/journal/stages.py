"""The life of a delivery: which stage may follow which."""

from enum import StrEnum


class Stage(StrEnum):
    """Where one message on its way out of the house stands."""

    WAITING = "waiting"
    SENDING = "sending"                      # a sender has taken it, for as long as its lease lasts
    UNCERTAIN = "uncertain"                  # it left, and nobody knows whether it was taken: a person decides
    SENT = "sent"                            # the gateway has taken it
    DELIVERED = "delivered"                  # a receipt says that it arrived
    DEAD = "dead"                            # refused for good, or tried too often: a person decides
    NO_ADDRESS = "no_address"                # whoever it is for has no address any more


NEXT: dict[Stage, set[Stage]] = {
    Stage.WAITING: {Stage.SENDING, Stage.SENT, Stage.DELIVERED},                # sent: an answer came after its lease was over
    Stage.SENDING: {Stage.SENT, Stage.WAITING, Stage.UNCERTAIN, Stage.DEAD, Stage.NO_ADDRESS, Stage.DELIVERED},
    Stage.UNCERTAIN: {Stage.WAITING, Stage.SENT, Stage.DELIVERED, Stage.DEAD},
    Stage.SENT: {Stage.DELIVERED, Stage.DEAD},
    Stage.DELIVERED: set(),
    Stage.DEAD: {Stage.WAITING, Stage.SENT, Stage.DELIVERED},
    Stage.NO_ADDRESS: {Stage.WAITING},
}
FOR_A_PERSON = (Stage.UNCERTAIN, Stage.DEAD)
ARRIVED = (Stage.SENT, Stage.DELIVERED)
