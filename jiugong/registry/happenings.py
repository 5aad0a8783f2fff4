"""What the registry tells: frozen facts in the past tense."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class RosterImported:
    """A roster was taken: people may now be known whom others met before as strangers."""

    park_id: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PersonHired:
    """Somebody was added to the roster on a page: others may have met him before as a stranger."""

    park_id: int
    person_id: int
    at: datetime
