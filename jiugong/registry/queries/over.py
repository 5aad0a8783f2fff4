"""Who answers directly for each of some places: grid leaders, and whoever else is in charge of just this."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from jiugong.registry.models import Charge, Place, holds_on
from jiugong.registry.queries.charges import Answering
from jiugong.registry.words import TIER_OF, Role


def answering_over(places: Iterable[Place], day: date) -> dict[int, list[Answering]]:
    """The people in charge of each place itself on a day, by the place's number, in one query."""
    found: dict[int, list[Answering]] = defaultdict(list)
    charges = Charge.objects.filter(holds_on(day), place__in=[place.pk for place in places]).select_related("person", "place")
    for charge in charges.order_by("pk"):
        role = Role(charge.role)
        found[charge.place_id or 0].append(Answering(charge.person, role, str(charge.place), TIER_OF[role]))
    return found
