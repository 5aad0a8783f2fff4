"""A team's entry: one screen on which a leader says for everybody what was measured, naming the exceptions only.

A temperature that nobody wrote down is not invented: who was measured and had no fever is recorded as *below* the park's
fever threshold; who was absent is not recorded at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from jiugong.duties.actions import Piece, record_all
from jiugong.duties.logic import Advice, advice
from jiugong.duties.models import Evidence
from jiugong.duties.queries import Whom, asked_by, due_at
from jiugong.lib import clock, days
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.models import Park, Person, Posting, Unit
from jiugong.registry.queries.people import roster_on, within
from jiugong.registry.words import Status, UnitKind
from jiugong.standing.errors import EntryEmpty, TemperatureMissing
from jiugong.standing.forms import degrees
from jiugong.standing.queries import parameters_on

KINDS = ("health_report", "temperature")
MOST_IN_ONE_ENTRY = 300
FEVER_FROM = Decimal("37.3")                     # where the park's release is silent, as in `duties/logic/advising.py`


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody of a team as its entry shows him: what he reported since the window opened, and whether he is here."""

    person: Person
    posting: Posting
    reported: Evidence | None
    excused: bool
    advice: tuple[Advice, ...] = ()

    @property
    def is_here(self) -> bool:
        """Is he expected to be measured? Who is on leave or excused is taken to be absent until somebody says else."""
        return self.posting.status == Status.ON_DUTY and not self.excused


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a leader says of one member: absent, or measured; a value or symptoms are the exception."""

    person: Person
    absent: bool = False
    temperature: str = ""
    symptoms: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Entered:
    """What became of an entry. Where anything was wrong, nothing was recorded, and `wrong` says what, by person."""

    recorded: int = 0
    already: int = 0
    absent: int = 0
    wrong: Mapping[int, str] = field(default_factory=dict)


def units_for_entry(actor: Actor, park: Park) -> QuerySet[Unit]:
    """The teams, and whatever has people without one, for which somebody may enter evidence."""
    posted = roster_on(park, days.day_of(clock.now(), park.zone), actor.reach(Can.RECORD_EVIDENCE))
    return (Unit.objects.filter(within(actor.reach(Can.RECORD_EVIDENCE), "path"), park=park,
                                pk__in=posted.values("unit_id")).exclude(kind=UnitKind.PARK_OFFICE)
            .select_related("enterprise", "parent").order_by("enterprise_id", "path"))


def members_of(unit: Unit, at: datetime) -> list[Member]:
    """Everybody on a unit's roster with what was reported for him since the window opened, by name."""
    park = unit.park
    day = days.day_of(at, park.zone)
    postings = list(roster_on(park, day, (unit.path,)).select_related("person__park", "unit").order_by("person__name", "pk"))
    dues = [due for due in due_at(park, at) if due.rule.subject == "person" and due.rule.evidence in KINDS]
    open_since = max((due.window.start for due in dues), default=days.bounds(day, park.zone)[0])
    excused: set[int] = set()
    for due in dues:
        rows = asked_by(park, due, at, (unit.path,)).excused_rows()
        excused.update(rows.values_list("person_id", flat=True))
    reported = {each.person_id: each for each in Evidence.objects.filter(
        person__in=[each.person_id for each in postings], kind__in=KINDS, valid=True,
        happened_at__gte=open_since, happened_at__lte=at).order_by("happened_at", "pk")}
    parameters = parameters_on(park, at)
    return [Member(person=each.person, posting=each, reported=reported.get(each.person_id),
                   excused=each.person_id in excused,
                   advice=advice(done.kind, done.data, parameters) if (done := reported.get(each.person_id)) else ())
            for each in postings]


def fever_limit(park: Park, at: datetime) -> float:
    """From which temperature on somebody has a fever in this park."""
    return float(str(parameters_on(park, at).get("fever_from", FEVER_FROM)))


def enter_team(unit: Unit, said: Sequence[Said], *, batch: str, actor: Actor, at: datetime | None = None) -> Entered:
    """Record what a leader says of his team: all of it, or nothing where one value cannot be one.

    `batch` is the id that the page made: the same entry again changes nothing. Who has reported meanwhile is not
    recorded once more, unless a value is given. `at` is when it was measured, where that was not just now. Raises EntryEmpty.
    """
    actor.must(Can.RECORD_EVIDENCE, over=unit)
    at = min(at or clock.now(), clock.now())
    limit = fever_limit(unit.park, at)
    done = {member.person.pk for member in members_of(unit, at) if member.reported}
    sent = set(Evidence.objects.filter(park=unit.park, client_id__in=[_id(batch, each.person) for each in said])
               .values_list("client_id", flat=True))
    pieces, already, wrong = {}, 0, {}
    for each in said:
        if each.absent:
            continue
        try:
            data = _data(each, limit)
        except TemperatureMissing as refusal:
            wrong[each.person.pk] = str(refusal)
            continue
        if each.person.pk in done and "below" in data and not each.symptoms and _id(batch, each.person) not in sent:
            already += 1
            continue
        pieces[each.person.pk] = Piece(client_id=_id(batch, each.person), kind="health_report", data=data,
                                       whom=Whom(person=each.person.uid), happened_at=at)
    if not pieces and not already and not wrong:
        raise EntryEmpty()
    with transaction.atomic():
        answers = dict(zip(pieces, record_all(unit.park, list(pieces.values()), actor=actor), strict=True))
        wrong |= {key: answer.message for key, answer in answers.items() if answer.status == "refused"}
        if wrong:
            transaction.set_rollback(True)
            return Entered(wrong=wrong)
    return Entered(recorded=len(pieces), already=already, absent=sum(each.absent for each in said))


def _data(said: Said, limit: float) -> dict[str, object]:
    symptoms = list(said.symptoms)
    if not said.temperature.strip():
        return {"below": limit, "symptoms": symptoms}
    found = degrees(said.temperature)
    if found is None:
        raise TemperatureMissing()
    return {"temperature": found, "symptoms": symptoms}


def _id(batch: str, person: Person) -> str:
    return f"{batch[:40]}:{person.pk}"
