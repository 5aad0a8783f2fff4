"""The lists of people who are coming back: the latest of each unit, what changed, and who is late with his list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from jiugong.duties.logic.returnees import Delta, delta
from jiugong.duties.models import Evidence
from jiugong.duties.queries.owing import Due, asked_by
from jiugong.lib import days
from jiugong.lib.acting import EVERYTHING
from jiugong.registry.models import Park, Unit
from jiugong.registry.queries.people import EVERYWHERE, within
from jiugong.rulebook import queries as rulebook

LONGEST_MONTH = 31


def latest_lists(park: Park, at: datetime, reach: Sequence[str] = EVERYWHERE, since: datetime | None = None) -> QuerySet[Evidence]:
    """The latest list of each unit by a moment, and none before `since`."""
    lists = Evidence.objects.filter(park=park, kind="returnee_list", valid=True, happened_at__lte=at)
    if since:
        lists = lists.filter(happened_at__gte=since)
    last = lists.filter(unit=OuterRef("unit")).order_by("-happened_at", "-pk").values("pk")[:1]
    return (lists.filter(within(reach, "unit__path"), pk=Subquery(last)).select_related("unit__enterprise")
            .order_by("-happened_at", "-pk"))


def before_each(lists: Iterable[Evidence]) -> dict[int, Evidence]:
    """The list before each of some lists, of the same unit; two queries whatever their number."""
    lists = list(lists)
    if not lists:
        return {}
    earlier = (Evidence.objects.filter(unit=OuterRef("unit"), kind="returnee_list", valid=True,
                                       happened_at__lt=OuterRef("happened_at")).order_by("-happened_at", "-pk"))
    pairs = dict(Evidence.objects.filter(pk__in=[each.pk for each in lists])
                 .annotate(before=Subquery(earlier.values("pk")[:1])).values_list("pk", "before"))
    found = {each.pk: each for each in Evidence.objects.filter(pk__in=[pk for pk in pairs.values() if pk])}
    return {pk: found[before] for pk, before in pairs.items() if before}


def returnees_on(row: Evidence) -> list[dict[str, str]]:
    """The people on a list."""
    return list(row.data.get("returnees", []))


def announced_on(park: Park, at: datetime, reach: Sequence[str] = EVERYWHERE) -> Iterable[tuple[int, str, str, str, date]]:
    """Whom the latest list of each unit announces: the unit and its branch, his name, from where he comes, and when."""
    for row in latest_lists(park, at, reach):
        for each in returnees_on(row):
            if row.unit:
                yield row.unit.pk, row.unit.path, each["name"], each["from"], date.fromisoformat(each["arriving_on"])


def changes_since(row: Evidence, before: Evidence | None) -> Delta:
    """What changed on a list since the one before; without one everybody is new."""
    return delta(returnees_on(before) if before else [], returnees_on(row))


@dataclass(frozen=True, kw_only=True)
class LateList:
    """A unit that owed a list on a day which is over, and has not handed one in since."""

    unit: Unit
    due_on: date
    key: str


def last_due(park: Park, at: datetime) -> list[Due]:
    """Each rule that asks for lists of returnees, in the last of its windows that closed within a month."""
    today = days.day_of(at, park.zone)
    found: dict[str, Due] = {}
    for rule in rulebook.duties_on(park, today):
        if rule.evidence != "returnee_list" or rule.subject != "unit":
            continue
        for back in range(LONGEST_MONTH + 1):
            day = today - timedelta(days=back)
            closed = [each for each in rule.cadence.windows_on(day, zone=park.zone) if each.closes_at <= at]
            if closed:
                if due := _as_it_was(park, rule.key, day, closed[-1].key):
                    found[rule.key] = due
                break
    return list(found.values())


def _as_it_was(park: Park, key: str, day: date, window: str) -> Due | None:
    """The rule as it held on that day: one that began later asks nothing of it."""
    rule = next((each for each in rulebook.duties_on(park, day) if each.key == key), None)
    found = next((each for each in rule.windows(park.zone) if each.key == window), None) if rule else None
    return Due(rule=rule, window=found) if rule and found else None


def late_lists(park: Park, at: datetime, reach: tuple[str, ...] = (EVERYTHING,)) -> list[LateList]:
    """Who is late with the list: owed in a window that has closed, not excused, and none handed in until now."""
    late: list[LateList] = []
    for due in last_due(park, at):
        handed_in = Evidence.objects.filter(park=park, kind="returnee_list", valid=True, happened_at__lte=at,
                                            happened_at__gte=due.window.start)
        missing: QuerySet[Any] = asked_by(park, due, due.window.end, reach).missing()
        waiting = missing.exclude(pk__in=handed_in.values("unit")).select_related("enterprise").order_by("path")
        late += [LateList(unit=unit, due_on=due.rule.day, key=due.rule.key) for unit in waiting]
    return late
