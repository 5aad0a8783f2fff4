"""What somebody does on his own page, without an account: he reports about himself, and reads what was written to him."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from jiugong.duties.actions import record
from jiugong.duties.logic import Advice, advice
from jiugong.duties.models import Evidence
from jiugong.journal.actions import mark_read
from jiugong.journal.models import Message
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.models import Person
from jiugong.registry.queries.people import own_branch
from jiugong.standing.errors import NotOnesOwn, NotYetReadable
from jiugong.standing.queries import parameters_on

READABLE_AFTER = timedelta(minutes=15)
OWN_KINDS = ("health_report", "temperature", "antigen")          # a course or a dose is on an office's word, not on his own


@dataclass(frozen=True, kw_only=True)
class Told:
    """What became of a report: the evidence, and what to do about it; no advice where all is well."""

    evidence: Evidence
    advice: tuple[Advice, ...]


def himself(person: Person) -> Actor:
    """Somebody who acts on his own page: he may report about himself, and nothing about anybody else."""
    return Actor(key=f"person:{person.pk}", name=person.name, powers={Can.RECORD_EVIDENCE: (own_branch(person),)})


def report_own(person: Person, *, kind: str, data: Mapping[str, object], client_id: str, at: datetime) -> Told:
    """Record what somebody reports about himself, and say what he should do about it. Twice is answered as once.

    Raises NotOnesOwn, and what `duties.actions.record` raises.
    """
    if kind not in OWN_KINDS:
        raise NotOnesOwn(kind=kind, known=", ".join(OWN_KINDS))
    if kind == "antigen":
        data = _as_first_told(person, data, client_id)
    evidence = record(person.park, person, kind=kind, data=data, happened_at=at, client_id=client_id,
                      actor=himself(person))
    return Told(evidence=evidence, advice=advice(kind, evidence.data, parameters_on(person.park, evidence.happened_at)))


def _as_first_told(person: Person, data: Mapping[str, object], client_id: str) -> Mapping[str, object]:
    """The same result under the same id is the same test, though the phone says another second: the answer was lost."""
    before = Evidence.objects.filter(park=person.park, person=person, kind="antigen", client_id=client_id).first()
    return before.data if before and before.data["result"] == data.get("result") else data


def report_antigen(person: Person, *, result: str, started_at: datetime, client_id: str, at: datetime) -> Told:
    """Record an antigen test that was started and is read now.

    A test without a line is not recorded before its time: the line may still come. A positive one always is.
    Raises NotYetReadable, and what `duties.actions.record` raises.
    """
    before = Evidence.objects.filter(park=person.park, person=person, kind="antigen", client_id=client_id).first()
    read_at = datetime.fromisoformat(before.data["read_at"]) if before else at       # sent again, it was still read then
    if result != "positive" and read_at - started_at < READABLE_AFTER:
        raise NotYetReadable(at=f"{(started_at + READABLE_AFTER).astimezone(person.park.zone):%H:%M}")
    return report_own(person, kind="antigen", client_id=client_id, at=read_at, data={
        "result": result, "started_at": started_at.isoformat(), "read_at": read_at.isoformat()})


def read_own_messages(person: Person) -> int:
    """Note that somebody has read what was written to him."""
    return mark_read(Message.objects.filter(to_person=person))
