"""What paper asks for: whose names stand on a sheet, whom a written line means, what was entered from paper."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet

from jiugong.lib import secrets
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.lib.sheets import tidy_name
from jiugong.registry.models import Park, Person, Unit
from jiugong.registry.queries.people import roster_on
from jiugong.screening.models import Round, SheetRun, Specimen
from jiugong.screening.paper_errors import NameShared, NameUnknown, SheetRunUnknown
from jiugong.screening.queries.rounds import owed_in, reach_into
from jiugong.screening.queries.tubes import on_branches

PAPER = "paper"                              # the device of a swab that somebody typed in from a sheet
LAST_FOUR = 4


def from_paper(specimens: QuerySet[Specimen]) -> QuerySet[Specimen]:
    """Those of these swabs that were entered from paper; `bound_by` says who typed them."""
    return specimens.filter(device=PAPER)


def people_owing(the_round: Round, unit: Unit) -> list[Person]:
    """Who of a unit owes a swab in a round, team by team, by name."""
    rows = (owed_in(the_round).filter(unit__path__startswith=unit.path).select_related("person")
            .order_by("unit__path", "person__name", "person_id"))
    return [posting.person for posting in rows]


def sampled_among(the_round: Round, people: Iterable[Person]) -> set[int]:
    """Who of these people has a swab in a round."""
    rows = Specimen.objects.filter(round=the_round, person__in=[person.pk for person in people])
    return {row.person_id for row in rows if row.person_id}


def runs_of(actor: Actor, park: Park) -> QuerySet[SheetRun]:
    """The sheets that were printed for points where the actor samples, the last ones first."""
    reach = reach_into(actor, Can.BIND_SPECIMENS, park)
    return (SheetRun.objects.filter(on_branches(reach, park, "point__"), park=park)
            .select_related("park", "round", "point__park", "point__unit", "point__place", "unit").order_by("-printed_at", "-pk"))


def run_for(actor: Actor, park: Park, pk: int) -> SheetRun:
    """The only door from a number in a URL to a run of sheets. Raises SheetRunUnknown."""
    found = runs_of(actor, park).filter(pk=pk).first()
    if found is None:
        raise SheetRunUnknown()
    return found


class Names:
    """Whom names on paper mean, among the people of a day whom the actor may sample; asked once for all lines."""

    def __init__(self, actor: Actor, the_round: Round, texts: Iterable[str]) -> None:
        self.written = {text: _parts(text) for text in texts}
        park, ring = the_round.park, secrets.ring()
        posted = roster_on(park, the_round.day, reach_into(actor, Can.BIND_SPECIMENS, park))
        wanted = {name for name, _last in self.written.values()}
        self.known: dict[str, list[tuple[str, Person]]] = defaultdict(list)
        for person in Person.objects.filter(park=park, name__in=wanted, pk__in=posted.values("person")).order_by("pk"):
            self.known[person.name].append((person.open_id_number(ring)[-LAST_FOUR:].upper(), person))

    def person(self, text: str) -> Person:
        """The one person that a line means: by name, and by the last four characters where they are written.

        Raises NameUnknown, NameShared.
        """
        name, last = self.written[text]
        found = [person for ending, person in self.known[name] if last in ("", ending)]
        if not found:
            raise NameUnknown(name=text)
        if len(found) > 1:
            raise NameShared(name=name, count=len(found))
        return found[0]


def _parts(text: str) -> tuple[str, str]:
    """A name, and the last four characters of a number where they are written behind it."""
    words = text.split()
    last = words[-1].upper() if len(words) > 1 and len(words[-1]) == LAST_FOUR and words[-1][:-1].isdigit() else ""
    return tidy_name(" ".join(words[:-1] if last else words)), last
