"""The lives of an incident, a case and an order: which stage may follow which."""

from enum import StrEnum


class IncidentStage(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class CaseStage(StrEnum):
    """What somebody is found to be. A contaminated sample was positive and he is not."""

    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"
    RULED_OUT = "ruled_out"
    CONTAMINATED = "contaminated"
    RECOVERED = "recovered"


CASE_NEXT: dict[CaseStage, set[CaseStage]] = {
    CaseStage.SUSPECTED: {CaseStage.CONFIRMED, CaseStage.RULED_OUT, CaseStage.CONTAMINATED},
    CaseStage.CONFIRMED: {CaseStage.RECOVERED, CaseStage.CONTAMINATED},
    CaseStage.RULED_OUT: {CaseStage.SUSPECTED},
    CaseStage.CONTAMINATED: {CaseStage.SUSPECTED},
    CaseStage.RECOVERED: {CaseStage.SUSPECTED},
}
STANDING_CASES = (CaseStage.SUSPECTED, CaseStage.CONFIRMED)


class OrderStage(StrEnum):
    """Where an order stands. A hold is ordered by one officer and never goes further than under control."""

    PROPOSED = "proposed"                    # the house or an officer proposes it
    SEEN = "seen"                            # one of two people has decided
    ORDERED = "ordered"                      # two people have decided; for a hold one
    INFORMED = "informed"                    # the person knows the rule, the reason and how to object
    SENT = "sent"                            # handed over by one side
    RECEIVED = "received"                    # the other side has signed, too
    CONTROLLED = "controlled"                # he is where he is to stay: under control
    RELEASED = "released"                    # its conditions were met
    LAPSED = "lapsed"                        # its time is over
    WITHDRAWN = "withdrawn"                  # what it rested on was taken back


ORDER_NEXT: dict[OrderStage, set[OrderStage]] = {
    OrderStage.PROPOSED: {OrderStage.SEEN, OrderStage.ORDERED, OrderStage.WITHDRAWN},
    OrderStage.SEEN: {OrderStage.ORDERED, OrderStage.WITHDRAWN},
    OrderStage.ORDERED: {OrderStage.INFORMED, OrderStage.SENT, OrderStage.CONTROLLED, OrderStage.RELEASED, OrderStage.LAPSED,
                         OrderStage.WITHDRAWN},
    OrderStage.INFORMED: {OrderStage.SENT, OrderStage.CONTROLLED, OrderStage.RELEASED, OrderStage.LAPSED, OrderStage.WITHDRAWN},
    OrderStage.SENT: {OrderStage.RECEIVED, OrderStage.RELEASED, OrderStage.LAPSED, OrderStage.WITHDRAWN},
    OrderStage.RECEIVED: {OrderStage.CONTROLLED, OrderStage.RELEASED, OrderStage.LAPSED, OrderStage.WITHDRAWN},
    OrderStage.CONTROLLED: {OrderStage.RELEASED, OrderStage.LAPSED, OrderStage.WITHDRAWN},
    OrderStage.RELEASED: set(),
    OrderStage.LAPSED: set(),
    OrderStage.WITHDRAWN: set(),
}
ENDS = tuple(stage for stage, after in ORDER_NEXT.items() if not after)
RESTRICTS = (OrderStage.ORDERED, OrderStage.INFORMED, OrderStage.SENT, OrderStage.RECEIVED, OrderStage.CONTROLLED)
