"""Tiers of testing: which swabs and antigen tests hold for whom on a day, who moved between two days, and why.

A tier is a duty of people whose evidence is a specimen or an antigen result; somebody may stand in several, or in none.
Whoever kept his posting can only have moved because a rule changed, or a fact of his enterprise, or where he sleeps: that
is one question. Whoever has another posting than before is looked at one by one: between two days these are few.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import add
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When

from jiugong.lib.acting import EVERYTHING
from jiugong.policy import Selector
from jiugong.policy.cadence import DaysAfter
from jiugong.registry.models import Park, Posting, holds_on
from jiugong.registry.queries.people import within
from jiugong.rulebook.queries.facts import FACTS_OF_ENTERPRISES, NO_FACTS, Facts, facts_on
from jiugong.rulebook.queries.owing import as_query, lives_in_dormitory
from jiugong.rulebook.queries.releases import InForce, adoption_on, in_force, release_on, supplements_on

TESTS = ("specimen", "antigen")
FROM, TO = "marks_from", "marks_to"
FEW = 500                                    # enterprises that are named one by one in a question


@dataclass(frozen=True, kw_only=True)
class Tiers:
    """The tiers of a day by key, the release that the park goes by, and the facts of each enterprise."""

    day: date
    release: str
    rules: Mapping[str, InForce]
    facts: Mapping[int, Facts]


@dataclass(frozen=True, kw_only=True)
class Move:
    """How many people of an enterprise went from some tiers to others, and what had changed.

    `marks` find them again in the URL: a sum of 1, 2, 4, … for the tiers of both days in the order of `keys_of`.
    """

    enterprise_id: int
    before: tuple[str, ...]
    after: tuple[str, ...]
    because: tuple[str, ...]
    count: int
    marks: tuple[int, int]


def tiers_on(park: Park, day: date) -> Tiers:
    """The tiers of a day, in three questions."""
    adoption = adoption_on(park, day)
    rules = in_force(release_on(park, day) if adoption else None, day, supplements_on(park, day))
    tests = {key: each for key, each in sorted(rules.items()) if _is_tier(each)}
    return Tiers(day=day, release=adoption.release if adoption else "", rules=tests, facts=facts_on(park, day))


def counts_by_enterprise(park: Park, tiers: Tiers, reach: Sequence[str] = (EVERYTHING,)) -> QuerySet[Any]:
    """For each enterprise how many stand in each tier (`tier_0`, …) and in none: one grouped question."""
    sums = {f"tier_{at}": Count("pk", filter=_means(each, park, tiers.day)) for at, each in enumerate(tiers.rules.values())}
    rows: QuerySet[Any] = (
        _roster(park, tiers.day, reach).annotate(marks=_marks(park, tiers, list(tiers.rules))).order_by()
            .values("enterprise_id", "enterprise__name", "enterprise__uid")
            .annotate(people=Count("pk"), none=Count("pk", filter=Q(marks=0)), **sums).order_by("enterprise__name"))
    return rows


def people_in_tier(park: Park, tiers: Tiers, key: str, reach: Sequence[str] = (EVERYTHING,)) -> QuerySet[Posting]:
    """Everybody who stands in a tier on its day; with an empty key whoever stands in none."""
    rows: QuerySet[Posting] = _roster(park, tiers.day, reach)
    if key:
        return rows.filter(_means(tiers.rules[key], park, tiers.day)) if key in tiers.rules else rows.none()
    return rows.annotate(marks=_marks(park, tiers, list(tiers.rules))).filter(marks=0)


# who moved ----------------------------------------------------------------------------------------------------------

def keys_of(start: Tiers, end: Tiers) -> list[str]:
    """The tiers of two days, each once, in order."""
    return sorted({*start.rules, *end.rules})


def moves(park: Park, start: Tiers, end: Tiers, reach: Sequence[str] = (EVERYTHING,)) -> list[Move]:
    """Who moved from which tiers to which between two days, by enterprise, and what had changed."""
    keys = keys_of(start, end)
    stayed = Counter(_stayed(park, start, end, reach).order_by().values_list("enterprise_id", FROM, TO))
    found = [_move(keys, enterprise, marks, count, _why_rules(start, end, keys, enterprise, marks))
             for (enterprise, *marked), count in sorted(stayed.items()) for marks in [(marked[0], marked[1])]]
    posted = Counter((left.enterprise_id, marks, why) for left, marks, why in _posted_anew(park, start, end, reach))
    found += [_move(keys, enterprise, marks, count, why) for (enterprise, marks, why), count in sorted(posted.items())]
    return found


def people_who_moved(park: Park, start: Tiers, end: Tiers, reach: Sequence[str], *, enterprise_id: int | None = None,
                     marks: tuple[int, int] | None = None) -> QuerySet[Posting]:
    """The postings behind a number of moves: of one enterprise, from and to some tiers, or all."""
    stayed = _stayed(park, start, end, reach)
    anew = _posted_anew(park, start, end, reach)
    if enterprise_id is not None:
        stayed = stayed.filter(enterprise=enterprise_id)
        anew = [each for each in anew if each[0].enterprise_id == enterprise_id]
    if marks is not None:
        stayed = stayed.filter(**{FROM: marks[0], TO: marks[1]})
        anew = [each for each in anew if each[1] == marks]
    return Posting.objects.filter(Q(pk__in=stayed.values("pk")) | Q(pk__in=[posting.pk for posting, _marks, _why in anew]),
                                  park=park)


def _stayed(park: Park, start: Tiers, end: Tiers, reach: Sequence[str]) -> QuerySet[Posting]:
    """Whoever kept his posting from one day to the other and yet stands in other tiers."""
    keys, only = keys_of(start, end), _where_facts_changed(start, end)
    rows: QuerySet[Any] = Posting.objects.filter(holds_on(start.day) & holds_on(end.day), within(reach), park=park)
    if only is not None:
        rows = rows.filter(enterprise__in=only)
    rows = rows.annotate(in_dormitory=lives_in_dormitory(start.day)).annotate(**{FROM: _marks(park, start, keys)})
    rows = rows.annotate(in_dormitory=lives_in_dormitory(end.day)).annotate(**{TO: _marks(park, end, keys)})
    return rows.exclude(**{FROM: F(TO)})


def _where_facts_changed(start: Tiers, end: Tiers) -> list[int] | None:
    """The enterprises of which a fact that a tier names changed; None where anybody may have moved."""
    tiers = [(start.rules.get(key), end.rules.get(key)) for key in keys_of(start, end)]
    named = {fact for pair in tiers for each in pair if each for fact in _named(each)}
    if named & {"in_dormitory", "arrived_on"} or any(_who(before) != _who(after) for before, after in tiers):
        return None
    changed = [pk for pk in {*start.facts, *end.facts} if any(
        getattr(start.facts.get(pk, NO_FACTS), fact) != getattr(end.facts.get(pk, NO_FACTS), fact)
        for fact in FACTS_OF_ENTERPRISES if fact in named)]
    return changed if len(changed) <= FEW else None


def _posted_anew(park: Park, start: Tiers, end: Tiers, reach: Sequence[str]
                 ) -> list[tuple[Posting, tuple[int, int], tuple[str, ...]]]:
    """Whoever has another posting than before, came or left, and stands in other tiers: with the reason."""
    keys = keys_of(start, end)
    first: QuerySet[Any] = _roster(park, start.day, reach).exclude(holds_on(end.day)).annotate(marks=_marks(park, start, keys))
    last: QuerySet[Any] = _roster(park, end.day, reach).exclude(holds_on(start.day)).annotate(marks=_marks(park, end, keys))
    before = {posting.person_id: posting for posting in first}
    after = {posting.person_id: posting for posting in last}
    found = []
    for person in sorted({*before, *after}):
        left, came = before.get(person), after.get(person)
        posting = came or left
        marks = (left.marks if left else 0, came.marks if came else 0)
        if posting and marks[0] != marks[1]:
            found.append((posting, marks, _why_posting(left, came)))
    return found


def _why_posting(left: Posting | None, came: Posting | None) -> tuple[str, ...]:
    if left is None or came is None:
        return ("came",) if came else ("left",)
    facts = ("enterprise_id", "status", "post", "key_post", "shift", "arrived_on", "in_dormitory")
    changed = tuple(fact.removesuffix("_id") for fact in facts if getattr(left, fact) != getattr(came, fact))
    return changed or ("posting",)


def _why_rules(start: Tiers, end: Tiers, keys: Sequence[str], enterprise_id: int, marks: tuple[int, int]) -> tuple[str, ...]:
    """What changed for somebody with the same posting: the rules of the tiers in question, or facts that they name."""
    why: list[str] = []
    one, other = start.facts.get(enterprise_id, NO_FACTS), end.facts.get(enterprise_id, NO_FACTS)
    for at, key in enumerate(keys):
        if (marks[0] ^ marks[1]) & 1 << at:
            before, after = start.rules.get(key), end.rules.get(key)
            if _who(before) != _who(after):
                local = (before and before.supplement) or (after and after.supplement)
                why.append("supplement" if local else "release")
            named = {fact for each in (before, after) if each for fact in _named(each)}
            why += [fact for fact in FACTS_OF_ENTERPRISES if fact in named and getattr(one, fact) != getattr(other, fact)]
            why += [fact for fact in ("in_dormitory", "arrived_on") if fact in named and not why][:1]
    return tuple(dict.fromkeys(why))


def _move(keys: Sequence[str], enterprise_id: int, marks: tuple[int, int], count: int, because: tuple[str, ...]) -> Move:
    before, after = (tuple(key for at, key in enumerate(keys) if one & 1 << at) for one in marks)
    return Move(enterprise_id=enterprise_id, before=before, after=after, because=because, count=count, marks=marks)


# marks --------------------------------------------------------------------------------------------------------------

def _roster(park: Park, day: date, reach: Sequence[str]) -> QuerySet[Any]:
    return (Posting.objects.filter(holds_on(day), within(reach), park=park)
            .annotate(in_dormitory=lives_in_dormitory(day)))


def _marks(park: Park, tiers: Tiers, keys: Iterable[str]) -> Any:
    """1 for the first tier, 2 for the second, 4 for the third …, added up for each posting."""
    marks = [Case(When(_means(tiers.rules[key], park, tiers.day), then=Value(1 << at)), default=Value(0),
                  output_field=IntegerField()) for at, key in enumerate(keys) if key in tiers.rules]
    return reduce(add, marks) if marks else Value(0, IntegerField())


def _means(tier: InForce, park: Park, day: date) -> Q:
    who: Selector = tier.dated.value.who_on(day)
    return as_query(who, "person", park, day) if who.conditions else Q(pk__isnull=False)


def _who(tier: InForce | None) -> Selector | None:
    return tier.dated.value.who if tier else None


def _named(tier: InForce) -> set[str]:
    """The facts that a tier names, the event from which it counts days among them."""
    days = tier.dated.value.cadence.days
    return {one.fact for one in tier.dated.value.who.conditions} | ({days.event} if isinstance(days, DaysAfter) else set())


def _is_tier(each: InForce) -> bool:
    return getattr(each.rule, "evidence", "") in TESTS and getattr(each.rule, "subject", "") == "person"
