"""Adopting a release."""

from datetime import date

from django.db import transaction

from jiugong import policy
from jiugong.lib import clock
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.registry.models import Park
from jiugong.rulebook.errors import AdoptedOtherwise, ReleaseSilent
from jiugong.rulebook.models import Adoption


@transaction.atomic
def adopt(park: Park, key: str, *, from_day: date, actor: Actor) -> Adoption:
    """Let a release hold in a park from a day on. The same adoption again changes nothing.

    Raises UnknownPack, ReleaseSilent, AdoptedOtherwise.
    """
    actor.must(Can.ADOPT_POLICY, over=park)
    release = policy.load(policy.PACKS, key)
    if not release.pack.in_force_on(from_day):
        raise ReleaseSilent(release=key, day=str(from_day), held=str(release.pack.first_day))
    before = Adoption.objects.filter(park=park, from_day=from_day).first()
    if before and before.release == key:
        return before
    if before:
        raise AdoptedOtherwise(day=str(from_day), release=before.release)

    now = clock.now()
    adoption = Adoption.objects.create(
        park=park, release=key, from_day=from_day, effect_fingerprint=release.fingerprint.effect,
        words_fingerprint=release.fingerprint.words, adopted_at=now, adopted_by=actor.key)

    note("policy.adopted", actor=actor, at=now, park_id=park.pk, subject=f"release:{key}", from_day=str(from_day),
         effect=release.fingerprint.effect)
    return adoption
