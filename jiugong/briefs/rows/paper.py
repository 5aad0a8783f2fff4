"""Swabs of the period that were entered from paper, and who typed them."""

from collections.abc import Iterable

from django.db.models import QuerySet

from jiugong.accounts.queries import names_of
from jiugong.briefs.rows.line import Line
from jiugong.briefs.rows.tubes import specimens_of
from jiugong.briefs.scope import Scope
from jiugong.lib import days
from jiugong.screening.models import Specimen
from jiugong.screening.queries.paper import from_paper


def _entered(scope: Scope) -> QuerySet[Specimen]:
    return from_paper(specimens_of(scope))


def specimens_from_paper(scope: Scope) -> Iterable[Line]:
    """Each of them with its tube and line, when it was sampled, by whom, and who entered it when."""
    rows = list(_entered(scope).select_related("round", "tube__point", "person", "scanner").order_by(
        "round__number", "tube__code", "position", "pk"))
    typed = names_of(row.bound_by for row in rows)
    for row in rows:
        yield Line(facts={
            "round": row.round.number, "tube": row.tube.code, "position": row.position,
            "name": row.person.name if row.person else "", "sampled_at": days.local(row.sampled_at, scope.park.zone),
            "point": row.tube.point.name, "scanner": row.scanner.name if row.scanner else "",
            "entered_by": typed.get(row.bound_by, row.bound_by), "entered_at": days.local(row.received_at, scope.park.zone),
        }, whose=row.person or row)


def count_specimens_from_paper(scope: Scope) -> int:
    return _entered(scope).count()
