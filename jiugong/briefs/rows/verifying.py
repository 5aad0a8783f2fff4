"""What of the roster is to be verified at the end of the period."""

from collections.abc import Iterable

from jiugong.briefs.rows.line import Line
from jiugong.briefs.scope import Scope
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.tracing.queries.doubts import Doubt, lines_of, open_doubts


def _open(scope: Scope) -> list[Doubt]:
    reader = Actor(key="brief", name="brief", powers={Can.SEE_PEOPLE: tuple(scope.reach)})
    return open_doubts(reader, scope.park, scope.last) if scope.reach else []


def to_verify(scope: Scope) -> Iterable[Line]:
    """Each line of the roster or of the records that nobody has settled yet."""
    for line in lines_of(scope.park, _open(scope), scope.last):
        yield Line(facts={"kind": line.doubt.kind.value, "name": "、".join(person.name for person in line.people),
                          "unit": str(line.unit or "")}, whose=line.people[0] if line.people else None)


def count_to_verify(scope: Scope) -> int:
    return len(_open(scope))
