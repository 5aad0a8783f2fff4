"""Who and where, as the roster stands on the last day of the period."""

from collections.abc import Iterable

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from jiugong.briefs.rows.line import A_HANDFUL, IN_ORDER, WHO, WITH_UNIT, Line, found, in_order, posted
from jiugong.briefs.scope import Scope
from jiugong.registry.models import Body, Charge, Posting, holds_on
from jiugong.registry.queries import charges, units
from jiugong.registry.queries import people as roster
from jiugong.registry.queries.badges import holders_in
from jiugong.registry.words import BodyKind, EnterpriseKind, Role


def enterprises(scope: Scope) -> Iterable[Line]:
    grids = units.grids_on(scope.park, scope.last)
    for each in units.enterprises_of(scope.park, scope.reach, scope.last).order_by("name"):
        grid = grids.get(each.pk)
        yield Line(facts={"enterprise": each.name, "credit_code": each.credit_code, "kind": each.enterprise_kind,
                          "grid": grid.name if grid else ""})


def count_enterprises(scope: Scope) -> int:
    return units.enterprises_of(scope.park, scope.reach, scope.last).count()


def _lines(scope: Scope, postings: QuerySet[Posting]) -> Iterable[Line]:
    for posting in in_order(found(scope, postings, *WHO)):
        yield Line(facts={**posted(posting), "shift": posting.shift, "post": posting.post, "status": posting.status,
                          "since": posting.since.isoformat()}, whose=posting.person)


def people(scope: Scope) -> Iterable[Line]:
    return _lines(scope, roster.roster_on(scope.park, scope.last, scope.reach))


def count_people(scope: Scope) -> int:
    return roster.roster_on(scope.park, scope.last, scope.reach).count()


def on_duty(scope: Scope) -> Iterable[Line]:
    return _lines(scope, roster.on_duty(scope.park, scope.last, scope.reach))


def count_on_duty(scope: Scope) -> int:
    return roster.on_duty(scope.park, scope.last, scope.reach).count()


def _at_sites(scope: Scope) -> QuerySet[Posting]:
    return roster.roster_on(scope.park, scope.last, scope.reach).filter(enterprise__enterprise_kind=EnterpriseKind.SITE)


def people_at_building_sites(scope: Scope) -> Iterable[Line]:
    """Who is on the roster of a building site."""
    return _lines(scope, _at_sites(scope))


def count_people_at_building_sites(scope: Scope) -> int:
    return _at_sites(scope).count()


def _holders(scope: Scope) -> QuerySet[Posting]:
    return holders_in(scope.park, scope.last, scope.reach, scope.as_of)


def badges(scope: Scope) -> Iterable[Line]:
    """Who is on the roster and holds a badge that nobody withdrew."""
    return _lines(scope, _holders(scope))


def count_badges(scope: Scope) -> int:
    return _holders(scope).count()


def _hired(scope: Scope) -> QuerySet[Posting]:
    """Postings that began in the period with nobody of that name posted here the day before: arrivals, not changes."""
    inside = roster.within(scope.reach, park=scope.park)
    began = Posting.objects.filter(inside, park=scope.park, since__range=(scope.first, scope.last))
    held = began.filter(Q(until__isnull=True) | Q(until__gt=F("since")))
    before = Posting.objects.filter(inside, person=OuterRef("person"), since__lt=OuterRef("since"), until__gte=OuterRef("since"))
    return held.filter(~Exists(before))


def hired(scope: Scope) -> Iterable[Line]:
    """Who came onto the roster in the period, from which day."""
    return _lines(scope, _hired(scope))


def count_hired(scope: Scope) -> int:
    return _hired(scope).count()


def _left(scope: Scope) -> QuerySet[Posting]:
    """Postings that ended in the period and that nothing here follows; a posting that never began ends nothing."""
    inside = roster.within(scope.reach, park=scope.park)
    ended = Posting.objects.filter(inside, park=scope.park, until__range=(scope.first, scope.last), until__gt=F("since"))
    after = Posting.objects.filter(inside, person=OuterRef("person"), since__lte=OuterRef("until")).filter(
        Q(until__isnull=True) | Q(until__gt=OuterRef("until")))
    return ended.filter(~Exists(after))


def left(scope: Scope) -> Iterable[Line]:
    """Who left the roster in the period; `until` is the first day on which he was not on it."""
    for posting in _left(scope).select_related(*WITH_UNIT).order_by(*IN_ORDER).iterator(chunk_size=A_HANDFUL):
        yield Line(facts={**posted(posting), "post": posting.post, "since": posting.since.isoformat(),
                          "until": posting.until.isoformat() if posting.until else ""}, whose=posting.person)


def count_left(scope: Scope) -> int:
    return _left(scope).count()


def _task_groups(scope: Scope) -> QuerySet[Body]:
    return Body.objects.filter(holds_on(scope.last), park=scope.park, kind=BodyKind.TASK_GROUP)


def task_groups(scope: Scope) -> Iterable[Line]:
    """Each task group with those who lead it."""
    leading = Charge.objects.filter(holds_on(scope.last), park=scope.park, role=Role.GROUP_LEADER).select_related("person")
    leaders: dict[int | None, list[str]] = {}
    for charge in leading:
        leaders.setdefault(charge.body_id, []).append(charge.person.name)
    for body in _task_groups(scope).order_by("name"):
        yield Line(facts={"task_group": body.name, "leaders": "、".join(leaders.get(body.pk, []))})


def count_task_groups(scope: Scope) -> int:
    return _task_groups(scope).count()


def _charges(scope: Scope) -> QuerySet[Charge]:
    inside = (roster.within(scope.reach, "unit__path", park=scope.park)
              | roster.within(scope.reach, "place__path", park=scope.park))
    return Charge.objects.filter(holds_on(scope.last), inside, park=scope.park)


def _officers(scope: Scope, role: Role) -> QuerySet[Charge]:
    return _charges(scope).filter(role=role)


def officers(scope: Scope, role: Role) -> Iterable[Line]:
    """Each person who holds the role, once, with everything he answers for."""
    held: dict[int, tuple[Charge, list[str]]] = {}
    for charge in _officers(scope, role).select_related("person", "unit", "place").order_by("person__name", "pk"):
        held.setdefault(charge.person_id, (charge, []))[1].append(str(charge.unit or charge.place))
    for charge, over in held.values():
        yield Line(facts={"name": charge.person.name, "role": role.value, "over": "、".join(over)})


def count_officers(scope: Scope, role: Role) -> int:
    """People in a role; the first question counts all roles."""
    by_role: dict[str, int] = scope.once("officers", lambda: dict(
        _charges(scope).order_by().values_list("role").annotate(people=Count("person", distinct=True))))
    return by_role.get(role.value, 0)


def unanswered(scope: Scope) -> Iterable[Line]:
    """Every enterprise, grid and team with people in it for which nobody answers."""
    found = charges.unanswered(scope.park, scope.last, scope.reach)
    for grid in found.grids:
        yield Line(facts={"kind": "grid", "name": grid.name, "enterprise": ""})
    for unit in (*found.enterprises, *found.teams):
        yield Line(facts={"kind": unit.kind, "name": unit.name, "enterprise": str(unit.enterprise or "")})


def count_unanswered(scope: Scope) -> int:
    return len(charges.unanswered(scope.park, scope.last, scope.reach, most_teams=0))
