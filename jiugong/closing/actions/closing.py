"""Closing a day: begun, read, sealed.

Three steps, so that scanning goes on: the day is said to be closing (a moment), its rows are read as of one moment while
others write, its seal is written (a moment). Interrupted between them it is closed again and goes on; twice at once, the
second finds the seal of the first.
"""

from datetime import date

from django.db import transaction

from jiugong.closing.actions import sealing
from jiugong.closing.actions.settling import Settled, must_be_over, settle
from jiugong.closing.actions.waiting import one_moment, wait_for_writers
from jiugong.closing.happenings import DayClosed
from jiugong.closing.heads import remember
from jiugong.closing.models import Afterword, AfterwordKind, Closing, Seal
from jiugong.lib import clock
from jiugong.lib.acting import Actor, note, tell
from jiugong.lib.can import Can
from jiugong.lib.pausing import collector_paused
from jiugong.registry.models import Park
from jiugong.rulebook import queries as rulebook

Read = tuple[list[Settled], dict[str, dict[int, bytes]]]


def close_day(park: Park, day: date, *, actor: Actor) -> Seal:
    """Settle, count and seal a day that is over; one that is sealed already answers as it did.

    Raises DayNotOver, StillBeingWritten.
    """
    actor.must(Can.CLOSE_DAYS, over=park)
    if seal := Seal.objects.filter(park=park, day=day).select_related("park").first():
        return seal
    must_be_over(park, day)
    closing = _begin(park, day, actor)
    wait_for_writers()
    with collector_paused():
        with one_moment():
            settled, found = settle(park, day), sealing.read_day(park, day)
        return _seal(closing, (settled, found), actor)


@transaction.atomic
def _begin(park: Park, day: date, actor: Actor) -> Closing:
    park.one_at_a_time()
    return Closing.objects.get_or_create(park=park, day=day, defaults={
        "began_at": clock.now(), "begun_by": actor.key, "begun_by_name": actor.name, "mac": sealing.mac_of_closing(park, day)})[0]


@transaction.atomic
def _seal(closing: Closing, read: Read, actor: Actor) -> Seal:
    park, (settled, found) = closing.park, read
    park.one_at_a_time()
    if seal := Seal.objects.filter(closing=closing).select_related("park").first():
        return seal                                             # somebody else closed it meanwhile
    before, adopted = Seal.objects.filter(park=park).order_by("-number").first(), rulebook.adoption_on(park, closing.day)
    seal = Seal.objects.create(
        park=park, closing=closing, day=closing.day, number=before.number + 1 if before else 1, previous=before,
        release=adopted.release if adopted else "", sealed_at=clock.now(), sealed_by=actor.key, sealed_by_name=actor.name,
        content="", mac=b"")
    closing.seal_row = seal.pk
    closing.save(update_fields=["seal_row"])
    sealing.keep_counts(seal, settled)
    tables = sealing.keep_tables(seal, found)
    seal.content = sealing.content_of(seal, tables, before)
    seal.mac = sealing.mac_of(seal)
    seal.save(update_fields=["content", "mac"])
    _in_the_seal_after_all(closing, found)
    head = sealing.head_of(seal, tables)
    transaction.on_commit(lambda: remember(park, head))
    note("day.closed", subject=f"day:{closing.day}", actor=actor, at=clock.now(), park_id=park.pk, day=closing.day.isoformat(),
         seal=seal.short, missed=sum(each.covered.missing for each in settled))
    tell(DayClosed(park_id=park.pk, day=closing.day))
    return seal


def _in_the_seal_after_all(closing: Closing, found: dict[str, dict[int, bytes]]) -> None:
    """What was marked late while the day was being closed, and was read all the same, is not late."""
    marked = Afterword.objects.filter(park=closing.park, day=closing.day, what=AfterwordKind.LATE.value)
    Afterword.objects.filter(pk__in=[each.pk for each in marked if each.row in found.get(each.table, {})]).delete()
