"""Does a park refuse whoever scans without training? Asked by every batch of scans, so that the answer is remembered."""

from datetime import date, datetime, timedelta
from uuid import UUID

from jiugong.lib import clock
from jiugong.policy import NotInForce, UnknownQuestion
from jiugong.registry.models import Park
from jiugong.rulebook.queries.releases import value_on

NEEDED = "training.needed_to_scan"
REMEMBERED = timedelta(minutes=1)            # another process may have changed the rules meanwhile
MOST_REMEMBERED = 1_000

_known: dict[tuple[int, UUID, date], tuple[bool, datetime]] = {}


def training_is_needed(park: Park, day: date) -> bool:
    """Do the rules of a park, on a day, refuse scans without training? Where they are silent, they do not."""
    key, machine = (park.pk, park.uid, day), clock.machine_time()
    known = _known.get(key)
    if known and known[1] > machine:
        return known[0]
    if len(_known) > MOST_REMEMBERED:
        _known.clear()
    try:
        needed = value_on(park, NEEDED, day) is True
    except (NotInForce, UnknownQuestion):
        needed = False
    _known[key] = needed, machine + REMEMBERED
    return needed


def forget(park_id: int) -> None:
    """The rules of a park have changed."""
    for key in [key for key in list(_known) if key[0] == park_id]:
        _known.pop(key, None)
