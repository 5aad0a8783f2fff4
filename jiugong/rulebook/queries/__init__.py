"""What holds in a park on a day, and whom it concerns."""

from jiugong.rulebook.queries.facts import FACTS_OF_ENTERPRISES, enterprises_with_facts
from jiugong.rulebook.queries.owing import COLUMNS, as_query, owing
from jiugong.rulebook.queries.releases import (
    adoption_on,
    adoptions_of,
    duties_on,
    has_changed,
    release_called,
    release_on,
    value_on,
)
from jiugong.rulebook.queries.supplements import Stricter, stricter_supplements

__all__ = [
    "COLUMNS", "FACTS_OF_ENTERPRISES", "Stricter", "adoption_on", "adoptions_of", "as_query", "duties_on", "enterprises_with_facts",
    "has_changed", "owing", "release_called", "release_on",
    "stricter_supplements", "value_on",
]
