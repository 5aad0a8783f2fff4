"""Which release holds in a park on a day, and what it asks of whom."""

from datetime import date
from functools import lru_cache
from pathlib import Path

from jiugong import policy
from jiugong.policy import DutyInForce, NotInForce, Release
from jiugong.registry.models import Park
from jiugong.rulebook.models import Adoption


def adoption_on(park: Park, day: date) -> Adoption | None:
    """The adoption that holds on a day: the latest that has begun."""
    return Adoption.objects.filter(park=park, from_day__lte=day).order_by("-from_day").first()


def release_on(park: Park, day: date) -> Release | None:
    """The release that a park goes by on a day, read from its pack; None where nothing was adopted."""
    adoption = adoption_on(park, day)
    return release_called(adoption.release) if adoption else None


def release_called(key: str) -> Release:
    """A release as its files read now; read again only when one of them has changed."""
    written = max((path.stat().st_mtime_ns for path in policy.PACKS.rglob("*.yaml")), default=0)
    return _read(policy.PACKS, key, written)


@lru_cache(maxsize=16)
def _read(root: Path, key: str, written: int) -> Release:
    return policy.load(root, key)


def duties_on(park: Park, day: date) -> list[DutyInForce]:
    """The duties that hold in a park on a day. Empty where nothing was adopted, or where the release has ended."""
    release = release_on(park, day)
    if release is None:
        return []
    try:
        return release.duties_on(day)
    except NotInForce:
        return []


def adoptions_of(park: Park) -> list[Adoption]:
    """Everything that a park ever adopted, the latest first."""
    return list(Adoption.objects.filter(park=park).order_by("-from_day"))


def has_changed(adoption: Adoption) -> bool:
    """Does the pack say something else in effect than when it was adopted?"""
    return release_called(adoption.release).fingerprint.effect != adoption.effect_fingerprint
