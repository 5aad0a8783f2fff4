"""Which release holds in a park on a day, what the park adds to it, and what both ask of whom."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from jiugong import policy
from jiugong.policy import Duty, DutyInForce, NotInForce, Pack, Parameter, Release
from jiugong.policy.cases import Case, read_cases
from jiugong.policy.dated import Dated
from jiugong.policy.packs import AnyRule
from jiugong.policy.parameters import Value
from jiugong.registry.models import Park, holds_on
from jiugong.rulebook.logic.local import read_rule
from jiugong.rulebook.models import Adoption, Supplement


@dataclass(frozen=True, kw_only=True)
class InForce:
    """A rule with the value that holds on a day, and the supplement that says so where the park does."""

    rule: AnyRule
    dated: Dated[Any]
    supplement: Supplement | None = None

    def effect(self) -> Any:
        """What the rule does on the day, without a word of what is said about it."""
        return {**self.rule.effect(), "values": None}, self.dated.value


def adoption_on(park: Park, day: date) -> Adoption | None:
    """The adoption that holds on a day: the latest that has begun."""
    return Adoption.objects.filter(park=park, from_day__lte=day).order_by("-from_day").first()


def release_on(park: Park, day: date) -> Release | None:
    """The release that a park goes by on a day, read from its pack; None where nothing was adopted."""
    adoption = adoption_on(park, day)
    return release_called(adoption.release) if adoption else None


def release_called(key: str) -> Release:
    """A release as its files read now; read again only when one of them has changed."""
    return _read(policy.PACKS, key, _written())


def packs_at_hand() -> tuple[Pack, ...]:
    """Every pack there is, the oldest text first."""
    return _available(policy.PACKS, _written())


def cases_of(key: str) -> tuple[Case, ...]:
    """The cases by which a pack is tested."""
    return _cases(policy.PACKS, key, _written())


def changelog_of(key: str) -> list[tuple[str, list[str]]]:
    """What changed in a pack, the newest first: a day and its lines, as whoever keeps the pack wrote them."""
    page, found = policy.PACKS / key / "CHANGELOG.md", list[tuple[str, list[str]]]()
    for line in page.read_text(encoding="utf-8").splitlines() if page.exists() else ():
        if line.startswith("## "):
            found.append((line[3:].strip(), []))
        elif found and line.startswith("- "):
            found[-1][1].append(line[2:].strip())
        elif found and line.strip() and found[-1][1]:
            found[-1][1][-1] += f" {line.strip()}"
    return found


def changes_in(language: str, key: str) -> list[tuple[str, list[str]]]:
    """What changed in a pack, said in one language: in Chinese if asked and written, else in English."""
    chinese = language.startswith("zh")
    told = []
    for day, lines in changelog_of(key):
        mine = [line for line in lines if ("\u4e00" <= line[:1] <= "\u9fff") is chinese]
        told.append((day, mine or lines))
    return told


def _written() -> int:
    """When a file of a pack was last written. Every page asks: which files there are is looked up when a folder has changed."""
    folders, files = _walked.get(policy.PACKS, ({}, []))
    try:
        if not folders or any(os.stat(folder).st_mtime_ns != changed for folder, changed in folders.items()):
            folders, files = _walked[policy.PACKS] = _walk(policy.PACKS)
        return max((os.stat(file).st_mtime_ns for file in files), default=0)
    except FileNotFoundError:                                  # somebody takes files away at this moment
        _walked.pop(policy.PACKS, None)
        return _written()


_walked: dict[Path, tuple[dict[str, int], list[str]]] = {}


def _walk(root: Path) -> tuple[dict[str, int], list[str]]:
    """Every folder with when its list of files changed, and every file of a pack."""
    folders, files = dict[str, int](), list[str]()
    for folder, _folders, names in os.walk(root):
        folders[folder] = os.stat(folder).st_mtime_ns
        files += [os.path.join(folder, name) for name in names if name.endswith(".yaml")]
    return folders, files


@lru_cache(maxsize=4)
def _available(root: Path, written: int) -> tuple[Pack, ...]:
    return policy.available(root)


@lru_cache(maxsize=16)
def _cases(root: Path, key: str, written: int) -> tuple[Case, ...]:
    return read_cases(root, key)


@lru_cache(maxsize=32)
def _read(root: Path, key: str, written: int) -> Release:
    return policy.load(root, key)


def duties_on(park: Park, day: date) -> list[DutyInForce]:
    """The duties that hold in a park on a day: those of its release, and its own.

    Empty where nothing was adopted or the release has ended, and the park adds nothing.
    """
    return duties_among(in_force(release_on(park, day), day, supplements_on(park, day)), day)


def duties_among(rules: Mapping[str, InForce], day: date) -> list[DutyInForce]:
    """The duties among the rules of a day, by key."""
    duties = (each.rule.in_force_on(day) for each in rules.values() if isinstance(each.rule, Duty))
    return sorted((duty for duty in duties if duty is not None), key=lambda duty: duty.key)


def in_force(release: Release | None, day: date, supplements: Iterable[Supplement] = ()) -> dict[str, InForce]:
    """Every rule of a release that holds on a day, by key, with the park's own in the place of those that they replace."""
    rules: dict[str, InForce] = {}
    if release and release.pack.in_force_on(day):
        held = ((key, rule, rule.on(day)) for key, rule in release.rules.items())
        rules = {key: InForce(rule=rule, dated=dated) for key, rule, dated in held if dated is not None}
    for supplement in supplements:
        rule = rule_of(supplement)
        dated = rule.on(day)
        if dated is not None:
            rules[supplement.key] = InForce(rule=rule, dated=dated, supplement=supplement)
    return rules


def value_on(park: Park, key: str, day: date) -> Value:
    """The value of a parameter in a park on a day: the park's own, else its release's. Raises NotInForce."""
    release = release_on(park, day)
    found = in_force(release, day, supplements_on(park, day).filter(key=key)).get(key)
    if found is not None and isinstance(found.rule, Parameter):
        value: Value = found.dated.value
        return value
    if release is None:
        raise NotInForce(question=key, release="-", day=str(day), held="-")
    return release.value(key, day)


def supplements_on(park: Park, day: date) -> QuerySet[Supplement]:
    """What a park adds on a day."""
    return Supplement.objects.filter(holds_on(day), park=park).order_by("key")


def rule_of(supplement: Supplement) -> AnyRule:
    """A supplement as the rule that it is."""
    reference = {"title": supplement.title, "issuer": supplement.issuer, "published": supplement.published}
    basis: dict[str, Any] = {"reference": reference | ({"url": supplement.url} if supplement.url else {})}
    if supplement.note:
        basis["note"] = supplement.note
    return read_rule(supplement.key, supplement.rule, supplement.value, since=supplement.since, until=supplement.until,
                     basis=basis)


def adoptions_of(park: Park) -> list[Adoption]:
    """Everything that a park ever adopted, the latest first."""
    return list(Adoption.objects.filter(park=park).order_by("-from_day"))


def has_changed(adoption: Adoption) -> bool:
    """Does the pack say something else in effect than when it was adopted?"""
    return release_called(adoption.release).fingerprint.effect != adoption.effect_fingerprint
