"""What tracing tells: frozen facts in the past tense."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class ContactsListed:
    """Whom a case met was listed."""

    incident_id: int
    case_id: int
    contacts: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class OrderDecided:
    """An order was decided: its person is to be informed."""

    order_id: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class OrderEnded:
    """An order is over: released, lapsed or taken back."""

    order_id: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class StepLate:
    """The time of a step has passed, and it is not done."""

    step_id: int
    at: datetime
