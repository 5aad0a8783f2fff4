"""Evidence by kind: who is vaccinated and trained, what was cleaned, rehearsed, looked at, taken away, who comes back."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet

from jiugong.briefs.rows.line import A_HANDFUL, IN_ORDER, WITH_UNIT, Line, posted
from jiugong.briefs.scope import Scope
from jiugong.duties.logic.advising import fever_from
from jiugong.duties.models import Evidence
from jiugong.duties.queries.evidence import CHECKED_KINDS
from jiugong.duties.queries.excuses import working_from_home
from jiugong.duties.queries.parameters import parameters_on
from jiugong.duties.queries.returnees import late_lists, latest_lists, returnees_on
from jiugong.duties.queries.subjects import subject_of
from jiugong.duties.queries.training import officers_untrained, people_trained
from jiugong.duties.queries.vaccination import vaccinated, vaccination_missing
from jiugong.lib import days
from jiugong.lib.acting import EVERYTHING
from jiugong.registry.models import Charge, Posting
from jiugong.registry.queries.people import roster_on, within

Rows = Callable[[Scope], Iterable[Line]]
Count = Callable[[Scope], int]


def _evidence(scope: Scope, *kinds: str) -> QuerySet[Evidence]:
    """What was recorded in the period of people, units and places within the reach."""
    rows = Evidence.objects.filter(park=scope.park, kind__in=kinds, happened_at__gte=scope.start, happened_at__lt=scope.end)
    if EVERYTHING in scope.reach or all(branch.startswith(tuple(scope.reach)) for branch in scope.park.branches):
        return rows
    mine = roster_on(scope.park, scope.last, scope.reach).values("person")
    return rows.filter(Q(person__in=mine) | (Q(unit__isnull=False) & within(scope.reach, "unit__path"))
                       | (Q(place__isnull=False) & within(scope.reach, "place__path")))


def _lines(rows: QuerySet[Evidence], scope: Scope, *fields: str) -> Iterable[Line]:
    listed = rows.select_related("person", "unit__enterprise", "place__parent").order_by("happened_at", "pk")
    for row in listed.iterator(chunk_size=A_HANDFUL):
        subject = subject_of(row)
        above = row.unit.enterprise if row.unit else row.place.parent if row.place else None
        yield Line(facts={
            "name" if row.person else "about": str(subject), **({} if row.person else {"in": str(above or "")}),
            "at": days.local(row.happened_at, scope.park.zone),
            **{_called(field): _said(row.data.get(field)) for field in fields}}, whose=row.person)


def _called(field: str) -> str:
    """A field under a column's name that no other figure uses for something else."""
    return {"kind": "waste_kind", "from": "from_where", "class": "drill_class", "unit": "measure"}.get(field, field)


def _said(value: Any) -> Any:
    return "" if value is None else value if not isinstance(value, list) else "、".join(map(str, value))


def _of_kind(*kinds: str, fields: tuple[str, ...], narrowed: Callable[[QuerySet[Evidence], Scope], QuerySet[Evidence]] | None = None
             ) -> tuple[Rows, Count]:
    """The rows and the number of what was recorded of some kinds."""
    def asked(scope: Scope) -> QuerySet[Evidence]:
        rows = _evidence(scope, *kinds).filter(valid=True)
        return narrowed(rows, scope) if narrowed else rows
    return (lambda scope: _lines(asked(scope), scope, *fields)), (lambda scope: asked(scope).count())


def _people(asked: Callable[[Scope], QuerySet[Posting]], *, order: bool = True) -> tuple[Rows, Count]:
    """People of the roster on the last day of the period."""
    def rows(scope: Scope) -> Iterable[Line]:
        listed = asked(scope).select_related(*WITH_UNIT)
        for posting in (listed.order_by(*IN_ORDER) if order else listed).iterator(chunk_size=A_HANDFUL):
            yield Line(facts=dict(posted(posting)), whose=posting.person)
    return rows, (lambda scope: asked(scope).count())


def _trained(scope: Scope) -> QuerySet[Posting]:
    return roster_on(scope.park, scope.last, scope.reach).filter(person__in=people_trained(scope.park, scope.last).values("pk"))


def _untrained(scope: Scope) -> Iterable[Line]:
    """Each officer once for each role in which he is not trained, with everything for which he answers in it."""
    held: dict[tuple[int, str], tuple[Charge, list[str]]] = {}
    for charge in officers_untrained(scope.park, scope.last, scope.reach):
        held.setdefault((charge.person_id, charge.role), (charge, []))[1].append(str(charge.unit or charge.place))
    for charge, over in held.values():
        yield Line(facts={"name": charge.person.name, "role": charge.role, "over": "、".join(over)}, whose=charge.person)


def _count_untrained(scope: Scope) -> int:
    """How many people: whoever holds the same role twice is one."""
    return officers_untrained(scope.park, scope.last, scope.reach).order_by().values("person", "role").distinct().count()


def _warm(rows: QuerySet[Evidence], scope: Scope) -> QuerySet[Evidence]:
    return rows.filter(data__temperature__gte=fever_from(parameters_on(scope.park, scope.last)))


def _checked(rows: QuerySet[Evidence], scope: Scope) -> QuerySet[Evidence]:
    return rows.filter(check_made__passed=True, check_made__checked_at__lte=scope.as_of)


def _unchecked(rows: QuerySet[Evidence], scope: Scope) -> QuerySet[Evidence]:
    return rows.exclude(check_made__checked_at__lte=scope.as_of)


def _lists(scope: Scope) -> QuerySet[Evidence]:
    return latest_lists(scope.park, scope.as_of, scope.reach, since=scope.start)


def _returnees(scope: Scope) -> Iterable[Line]:
    """The latest list of each unit in the period, with how many people stand on it."""
    for each in _lists(scope):
        yield Line(facts={"about": str(each.unit), "at": days.local(each.happened_at, scope.park.zone),
                          "value": len(returnees_on(each))})


def _count_returnees(scope: Scope) -> int:
    return sum(len(returnees_on(each)) for each in _lists(scope))


def _late(scope: Scope) -> Iterable[Line]:
    for each in late_lists(scope.park, scope.as_of, scope.reach):
        yield Line(facts={"about": str(each.unit), "due_on": each.due_on.isoformat(), "duty": each.key})


def _remote(scope: Scope) -> Iterable[Line]:
    for each in working_from_home(scope.park, scope.as_of, scope.reach):
        yield Line(facts={"name": str(each.person), "reason": each.reason, "since": days.local(each.since_at, scope.park.zone)[:10],
                          "until": days.local(each.until_at, scope.park.zone)}, whose=each.person)


# the figures of evidence by the second part of their key
MORE: Mapping[str, tuple[Rows, Count]] = {
    "vaccinated": _people(lambda scope: vaccinated(scope.park, scope.last, scope.as_of, scope.reach)),
    "vaccination_missing": _people(
        lambda scope: vaccination_missing(scope.park, scope.last, scope.as_of, scope.reach), order=False),
    "trained": _people(_trained),
    "officers_untrained": (_untrained, _count_untrained),
    "temperatures_high": _of_kind("temperature", "health_report", fields=("temperature",), narrowed=_warm),
    "disinfections": _of_kind(*CHECKED_KINDS, narrowed=_checked, fields=(
        "what", "agent", "concentration", "unit", "contact_minutes", "operator")),
    "disinfections_unchecked": _of_kind(*CHECKED_KINDS, narrowed=_unchecked, fields=(
        "what", "agent", "concentration", "unit", "contact_minutes", "operator")),
    "drills": _of_kind("drill", fields=("title", "class", "level", "participants", "absent", "findings")),
    "hygiene_checks": _of_kind("hygiene_check", fields=("seen", "masks_right", "hands_washed", "remark")),
    "standing_water": _of_kind("standing_water", fields=("spots_found", "spots_cleared", "remark")),
    "waste_transfers": _of_kind("waste_transfer", fields=("kind", "kg", "bags", "from", "carrier", "received_by")),
    "returnees": (_returnees, _count_returnees),
    "returnee_lists_late": (_late, lambda scope: len(late_lists(scope.park, scope.as_of, scope.reach))),
    "remote": (_remote, lambda scope: working_from_home(scope.park, scope.as_of, scope.reach).count()),
}
