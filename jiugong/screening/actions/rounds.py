"""Opening a round."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.registry.models import Park, Place, Unit
from jiugong.screening.errors import PoolNotValidated, RoundExists, RoundTooShort
from jiugong.screening.logic.pools import POOL_SIZES
from jiugong.screening.models import Round


@transaction.atomic
def open_round(park: Park, *, opens_at: datetime, closes_at: datetime, pool_size: int, actor: Actor,
               number: int | None = None, place: Place | None = None, unit: Unit | None = None) -> Round:
    """Open a round for the whole park, a grid or an enterprise. Without a number it takes the next one.

    The same round again (same hours, pool and branch) is answered as the first time.
    Raises PoolNotValidated, RoundTooShort, RoundExists.
    """
    actor.must(Can.OPEN_ROUNDS, over=unit or place or park)
    if pool_size not in POOL_SIZES:
        raise PoolNotValidated(size=pool_size)
    if closes_at <= opens_at:
        raise RoundTooShort()
    before = Round.objects.filter(park=park, opens_at=opens_at, closes_at=closes_at, pool_size=pool_size, place=place,
                                  unit=unit, imported=False).first()
    if before and number in (None, before.number):
        return before
    last = Round.objects.filter(park=park).aggregate(last=Max("number"))["last"] or 0
    number = number or last + 1
    if Round.objects.filter(park=park, number=number).exists():
        raise RoundExists(round=number)

    opened = Round.objects.create(park=park, number=number, day=days.day_of(opens_at, park.zone), opens_at=opens_at,
                                  closes_at=closes_at, pool_size=pool_size, place=place, unit=unit)

    note("round.opened", actor=actor, at=clock.now(), park_id=park.pk, subject=f"round:{number}", pool_size=pool_size)
    return opened
