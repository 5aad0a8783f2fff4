"""A park begins: its row, and the roots of its two trees."""

from django.conf import settings
from django.db import transaction

from jiugong.lib import clock
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.lib.sheets import name_key, tidy_title
from jiugong.registry.errors import ParkNameWrong
from jiugong.registry.models import Park, Place, Unit
from jiugong.registry.words import PlaceKind, UnitKind


class _Anywhere:
    """Where a park that does not exist yet would stand: only the operator reaches it."""

    branches = ("p/", "u/")


ANYWHERE = _Anywhere()


@transaction.atomic
def create_park(name: str, *, actor: Actor, timezone: str = "") -> Park:
    """Create a park with its two trees, or return the one that already has this name. Raises ParkNameWrong."""
    name = tidy_title(name)
    longest = Park._meta.get_field("name").max_length or 0
    if not name.isprintable() or not 0 < len(name) <= longest:
        raise ParkNameWrong(longest=longest)
    known = Park.objects.filter(name=name).first()
    if known:
        return known
    actor.must(Can.RUN_SERVER, over=ANYWHERE)

    park = Park.objects.create(name=name, timezone=timezone or settings.PARK_TIME_ZONE)
    Place.objects.create(park=park, kind=PlaceKind.PARK, name=name, key=name_key(name), path=f"p/{park.pk}/")
    Unit.objects.create(park=park, kind=UnitKind.PARK_OFFICE, name=name, key=name_key(name), path=f"u/{park.pk}/")

    note("park.created", actor=actor, at=clock.now(), park_id=park.pk, subject=f"park:{park.pk}", name=name)
    return park
