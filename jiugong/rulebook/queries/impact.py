"""What changes if a park adopts a release on a day: rules, people, enterprises and plans. Three grouped questions at most."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from jiugong.lib.acting import EVERYTHING
from jiugong.policy import Duty, Release, Selector
from jiugong.registry.models import Park, Unit
from jiugong.rulebook.logic.outlines import ENTERPRISE, outline, touched
from jiugong.rulebook.models import Adoption, EnterprisePlan
from jiugong.rulebook.queries.owing import as_query, lives_in_dormitory, subjects
from jiugong.rulebook.queries.plans import newest_plans
from jiugong.rulebook.queries.releases import InForce, in_force, release_called, release_on, supplements_on
from jiugong.rulebook.words import ParkPlanKind

HOW = ("new", "gone", "differs")             # owes it newly, owes it no longer, owes it otherwise than before


@dataclass(frozen=True, kw_only=True)
class Change:
    """A rule that says something else: what held, and what would hold. One of them may be missing."""

    key: str
    before: InForce | None
    after: InForce | None

    @property
    def kind(self) -> str:
        """`added`, `removed` or `changed`."""
        return "added" if self.before is None else "removed" if self.after is None else "changed"

    @property
    def rule(self) -> InForce:
        found = self.after or self.before
        if found is None:
            raise TypeError(self.key)
        return found


@dataclass(frozen=True, kw_only=True)
class Affected:
    """A duty that changes, and how many owe it newly, no longer or otherwise, by enterprise (None: no enterprise)."""

    change: Change
    subject: str
    by_enterprise: Mapping[int | None, tuple[int, int, int]] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """How many in all, by the words of `HOW`."""
        return {how: sum(each[at] for each in self.by_enterprise.values()) for at, how in enumerate(HOW)}

    @property
    def key(self) -> str:
        return self.change.key.partition(".")[2]


@dataclass(frozen=True, kw_only=True)
class Touched:
    """A plan, and the sections of it that rest on what changes."""

    plan: EnterprisePlan
    sections: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Impact:
    """Everything that would change from a day on, if nothing else were decided."""

    park: Park
    release: Release
    from_day: date
    until: date | None
    before: Release | None
    changes: tuple[Change, ...]
    duties: tuple[Affected, ...]
    plans: tuple[Touched, ...]
    park_plans: Mapping[str, tuple[str, ...]]

    @property
    def enterprises(self) -> set[int]:
        """The enterprises in which anybody owes anything newly, no longer or otherwise."""
        return {unit for duty in self.duties for unit, counts in duty.by_enterprise.items() if unit and any(counts)}


def impact_of(park: Park, key: str, from_day: date, reach: tuple[str, ...] = (EVERYTHING,)) -> Impact:
    """What would change in a park if it adopted a release from a day on. Raises UnknownPack."""
    release, before = release_called(key), release_on(park, from_day)
    changes = changes_between(park, before, release, from_day)
    duties = tuple(affected_by(park, changes, from_day, reach))
    later = Adoption.objects.filter(park=park, from_day__gt=from_day).order_by("from_day").first()
    return Impact(park=park, release=release, from_day=from_day, until=later.from_day if later else None, before=before,
                  changes=tuple(changes), duties=duties, plans=tuple(_plans_touched(park, changes, duties, reach)),
                  park_plans=_park_plans_touched(changes))


def changes_between(park: Park, before: Release | None, after: Release | None, day: date) -> list[Change]:
    """The rules that do something else on a day under another release, the park's own rules kept."""
    supplements = list(supplements_on(park, day))
    held, comes = in_force(before, day, supplements), in_force(after, day, supplements)
    keys = sorted({*held, *comes})
    return [Change(key=key, before=held.get(key), after=comes.get(key)) for key in keys
            if _effect(held.get(key)) != _effect(comes.get(key))]


def affected_by(park: Park, changes: list[Change], day: date, reach: tuple[str, ...]) -> list[Affected]:
    """For each duty that changes how many are affected, by enterprise: one question for each kind of subject."""
    duties = [each for each in changes if isinstance(each.rule.rule, Duty)]
    found: list[Affected] = []
    for subject in ("person", "unit", "place"):
        asked = [each for each in duties if isinstance(each.rule.rule, Duty) and each.rule.rule.subject == subject]
        if asked:
            counted = _counted(park, asked, subject, day, reach)
            found += [Affected(change=each, subject=subject, by_enterprise=counted[at]) for at, each in enumerate(asked)]
    return sorted(found, key=lambda each: each.change.key)


def affected_rows(park: Park, change: Change, how: str, day: date, reach: tuple[str, ...]) -> QuerySet[Any]:
    """The rows behind one number of an impact."""
    rule = change.rule.rule
    subject = rule.subject if isinstance(rule, Duty) else "person"
    rows = _flagged(park, [change], subject, day, reach)
    wanted = {"new": {"before_0": 0, "after_0": 1}, "gone": {"before_0": 1, "after_0": 0}}
    return rows.filter(**wanted.get(how, {"before_0": 1, "after_0": 1}))


def _counted(park: Park, changes: list[Change], subject: str, day: date,
             reach: tuple[str, ...]) -> list[dict[int | None, tuple[int, int, int]]]:
    column = "park_id" if subject == "place" else "enterprise_id"
    sums: dict[str, Any] = {}
    for at, change in enumerate(changes):
        before, after = f"before_{at}", f"after_{at}"
        sums[f"new_{at}"] = Count("pk", filter=Q(**{before: 0, after: 1}))
        sums[f"gone_{at}"] = Count("pk", filter=Q(**{before: 1, after: 0}))
        sums[f"differs_{at}"] = (Count("pk", filter=Q(**{before: 1, after: 1})) if _asks_otherwise(change)
                                 else Value(0, IntegerField()))
    rows = list(_flagged(park, changes, subject, day, reach).order_by().values(column).annotate(**sums))
    named = [(None if subject == "place" else row[column], row) for row in rows]
    return [{unit: (row[f"new_{at}"], row[f"gone_{at}"], row[f"differs_{at}"]) for unit, row in named}
            for at in range(len(changes))]


def _flagged(park: Park, changes: list[Change], subject: str, day: date, reach: tuple[str, ...]) -> QuerySet[Any]:
    """The rows with a 1 where they owe a duty before and after; a fact that is absent gives 0."""
    rows = subjects(park, subject, day, reach)
    if subject == "person":
        rows = rows.annotate(in_dormitory=lives_in_dormitory(day))
    flags = {f"{side}_{at}": flag(_who(getattr(change, side), day), subject, park, day)
             for at, change in enumerate(changes) for side in ("before", "after")}
    flagged: QuerySet[Any] = rows.annotate(**flags)
    return flagged


def flag(who: Selector | None, subject: str, park: Park, day: date) -> Case | Value:
    """1 for the rows that a selector means, else 0."""
    if who is None:
        return Value(0, IntegerField())
    query = as_query(who, subject, park, day) if who.conditions else Q(pk__isnull=False)
    return Case(When(query, then=Value(1)), default=Value(0), output_field=IntegerField())


def _who(found: InForce | None, day: date) -> Selector | None:
    """Who owes it on this very day: where days are counted from an event, only those for whom the day has come."""
    return found.dated.value.who_on(day) if found else None


def _asks_otherwise(change: Change) -> bool:
    """Do those who owed it and still owe it owe it otherwise?"""
    if change.before is None or change.after is None:
        return False
    (head, terms), (other_head, other_terms) = change.before.effect(), change.after.effect()
    return bool(head != other_head or terms.cadence != other_terms.cadence)


def _effect(found: InForce | None) -> Any:
    return found.effect() if found else None


# plans --------------------------------------------------------------------------------------------------------------

def _plans_touched(park: Park, changes: list[Change], duties: tuple[Affected, ...],
                   reach: tuple[str, ...]) -> list[Touched]:
    """The enterprise plans of which a section rests on what changes. A duty touches those in whom somebody is affected."""
    sections = outline(ENTERPRISE)
    general = [each.key for each in changes if not isinstance(each.rule.rule, Duty)]
    everywhere = touched(sections, general)
    found = []
    for plan in newest_plans(park, reach):
        own = touched(sections, [duty.change.key for duty in duties if any(duty.by_enterprise.get(plan.unit_id, ()))])
        keys = tuple(section.key for section in sections if section.key in {*own, *everywhere})
        if keys:
            found.append(Touched(plan=plan, sections=keys))
    return found


def _park_plans_touched(changes: list[Change]) -> dict[str, tuple[str, ...]]:
    keys = [each.key for each in changes]
    found = {kind.value: tuple(touched(outline(kind.value), keys)) for kind in ParkPlanKind}
    return {kind: sections for kind, sections in found.items() if sections}


def enterprises_named(park: Park, ids: set[int]) -> list[Unit]:
    """The enterprises behind some numbers, by name."""
    return list(Unit.objects.filter(park=park, pk__in=ids).order_by("name"))
