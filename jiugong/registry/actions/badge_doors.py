"""The door of a worker's own page for who shows a badge: strangers see badges, so it asks for four signs only he knows.

Guessing takes longer and longer, and nobody is locked out for good: each wait ends by itself, a device that has passed
before is counted apart from strangers, and a link opens without any of this.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from jiugong.lib import clock, secrets
from jiugong.lib.identifiers import folded
from jiugong.registry.errors import NothingToCompare, SignsWrong, WaitFirst
from jiugong.registry.logic.waiting import BY_ADDRESS, BY_BADGE, BY_DEVICE, wait_until
from jiugong.registry.models import Badge, BadgeTry, Person

REMEMBERED = timedelta(days=1)
SIGNS = 4


def answer_door(badge: Badge, signs: str, *, address: str, known_device: str = "") -> None:
    """Pass whoever knows the last four signs of the holder's ID number, or of his phone where the park has no number.

    `known_device` is the mark of a device that passed at this badge before: strangers' tries do not count against it.
    Raises NothingToCompare, WaitFirst, SignsWrong.
    """
    wrong = _try(badge, signs, address=address, known_device=known_device)
    if wrong:
        raise SignsWrong()


@transaction.atomic
def _try(badge: Badge, signs: str, *, address: str, known_device: str) -> bool:
    """Judge one answer and count a wrong one; the wrong try must stay, so the refusal is said outside."""
    right = last_signs(badge.person)
    if not right:
        raise NothingToCompare()
    Badge.objects.select_for_update(no_key=True).get(pk=badge.pk)                        # one answer after the other
    now = clock.now()
    come = _Come(address=_index(address), device=_index(known_device) if known_device else b"")
    until = _wait_until(badge, come, now)
    if until and until > now:
        raise WaitFirst(seconds=max(1, round((until - now).total_seconds())))

    is_wrong = folded(signs).upper() != right
    if is_wrong:
        BadgeTry.objects.create(badge=badge, address=come.address, device=come.device, at=now)
    else:
        come.tries(badge).delete()
    BadgeTry.objects.filter(badge=badge, at__lt=now - REMEMBERED).delete()
    return is_wrong


def last_signs(person: Person) -> str:
    """The last four signs of the ID number, or of the phone where there is no number; empty where there is neither."""
    ring = secrets.ring()
    number = person.open_id_number(ring) or person.open_phone(ring)
    return number[-SIGNS:].upper()


@dataclass(frozen=True, kw_only=True)
class _Come:
    """From where an answer came, as blind indexes: the address, and the device where it passed here before."""

    address: bytes
    device: bytes

    def tries(self, badge: Badge) -> QuerySet[BadgeTry]:
        """The wrong answers of this device at this badge, or of strangers at this address."""
        found = BadgeTry.objects.filter(badge=badge, device=self.device)
        return found if self.device else found.filter(address=self.address)


def _wait_until(badge: Badge, come: _Come, now: datetime) -> datetime | None:
    """Until when the next answer has to wait: the longest of the waits that apply."""
    rules = [(BY_DEVICE, come.tries(badge))]
    if not come.device:
        strangers = BadgeTry.objects.filter(device=b"")
        rules += [(BY_BADGE, strangers.filter(badge=badge)), (BY_ADDRESS, strangers.filter(address=come.address))]
    ends = [wait_until(rule, list(rows.filter(at__gt=now - rule.within).order_by("at").values_list("at", flat=True)), now)
            for rule, rows in rules]
    return max((end for end in ends if end), default=None)


def _index(text: str) -> bytes:
    return secrets.ring().index(text, scope="badge_try")
