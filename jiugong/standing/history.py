"""What a person's page tells of the past, strand by strand, each only to who may see it: newest first, and never too long."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from jiugong.duties.models import Evidence, Excuse
from jiugong.duties.words import kind_in_words, word
from jiugong.journal.models import LookUp, Message
from jiugong.journal.queries import looks_at
from jiugong.journal.tidings import sentence_of, title_of
from jiugong.journal.words import fields_in_words, reason_in_words
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.models import Assignment, Badge, Charge, Park, Person, Posting
from jiugong.registry.queries.people import Whereabouts
from jiugong.registry.words import BadgeKind, Role
from jiugong.screening.models import Result, Specimen
from jiugong.standing.queries import tubes_with

SAID_ELSEWHERE = ("temperature", "below", "symptoms", "started_at", "read_at")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a strand: when, what, the rest in quiet; `until` for what lasts, `url` where it opens, `end` where it is
    taken back, with a reason where `end_asks`."""

    when: date | datetime | None
    what: str
    more: str = ""
    state: str = ""
    until: date | datetime | None = None
    url: str = ""
    end: str = ""
    end_asks: bool = False


@dataclass(frozen=True, kw_only=True)
class Strand:
    """One strand of a person's past: its key in the URL, its name, its rows and how a row reads."""

    key: str
    name: str
    empty: str
    rows: QuerySet[Any]
    read: Callable[[Any], Line]

    def lines(self, rows: Any) -> list[Line]:
        return [self.read(each) for each in rows]


def strands(actor: Actor, person: Person, where: Whereabouts, park: Park, at: datetime, titles: Mapping[str, str]) -> list[Strand]:
    """The strands that an actor may see of a person through whose door he has come."""
    found = [
        Strand(key="evidence", name=_("Evidence"), empty=_("Nothing was recorded until now."), read=_evidence,
               rows=Evidence.objects.filter(person=person, happened_at__lte=at).order_by("-happened_at", "-pk")),
        Strand(key="specimens", name=_("Specimens"), empty=_("No specimen until now."),
               read=lambda each: _specimen(each, park),
               rows=Specimen.objects.filter(person=person, sampled_at__lte=at)
               .select_related("round", "tube__point").order_by("-sampled_at", "-pk")),
        Strand(key="results", name=_("Results"), empty=_("No result until now."), read=lambda each: _result(each, park),
               rows=Result.objects.filter(tube__in=tubes_with(person), reported_at__lte=at)
               .select_related("tube").order_by("-reported_at", "-pk")),
        Strand(key="excuses", name=_("Excuses"), empty=_("Never excused."),
               read=lambda each: _excuse(each, titles, _end_of(each, park, at, may_end=actor.may(Can.EXCUSE, over=where))),
               rows=Excuse.objects.filter(person=person).order_by("-since_at", "-pk")),
        Strand(key="postings", name=_("Postings"), empty=_("Never on the roster."), read=_posting,
               rows=Posting.objects.filter(person=person).select_related("unit", "enterprise").order_by("-since", "-pk")),
        Strand(key="assignments", name=_("Bed, table, bus"), empty=_("None known."), read=_assignment,
               rows=Assignment.objects.filter(person=person).select_related("place").order_by("-since", "-pk")),
        Strand(key="charges", name=_("Charges"), empty=_("Answers for nothing."), read=_charge,
               rows=Charge.objects.filter(person=person).select_related("unit", "place").order_by("-since", "-pk")),
    ]
    if actor.may(Can.ISSUE_BADGES, over=where):
        found.append(Strand(key="badges", name=_("Badges and links"), empty=_("No badge until now."),
                            read=lambda each: _badge(each, park, at),
                            rows=Badge.objects.filter(person=person).order_by("-issued_at", "-pk")))
    if actor.may(Can.REMIND, over=where):
        found.append(Strand(key="messages", name=_("Messages"), empty=_("Nothing was written to him."),
                            read=lambda each: _message(each, park),
                            rows=Message.objects.filter(to_person=person).select_related("concerns", "notice")
                            .order_by("-written_at", "-pk")))
    if actor.may(Can.READ_JOURNAL, over=where):
        found.append(Strand(key="looks", name=_("Who looked at him"), empty=_("Nobody until now."), read=_look,
                            rows=looks_at(actor, person)))
    return found


def _evidence(each: Evidence) -> Line:
    return Line(when=each.happened_at, what=kind_in_words(each.kind), more=_(", ").join(said_of(each)),
                state="" if each.valid else "missing")


def said_of(each: Evidence) -> list[str]:
    """What a piece of evidence says, in words; what is in no list stands as it was recorded."""
    data = each.data
    said = [f"{data['temperature']} °C"] if "temperature" in data else []
    said += [_("measured, below %(limit)s °C") % {"limit": data["below"]}] if "below" in data else []
    said += [word("symptoms", one) for one in data.get("symptoms", [])]
    said += [word(name, value) for name, value in data.items()
             if name not in SAID_ELSEWHERE and isinstance(value, str | int | float) and not isinstance(value, bool)]
    return said if each.valid else [*said, _("does not count")]


def _specimen(each: Specimen, park: Park) -> Line:
    return Line(when=each.sampled_at, what=_("Round %(number)s") % {"number": each.round.number},
                more=f"{each.tube.code} · {each.tube.point.name}", url=reverse("tube", args=[park.uid, each.tube.code]))


def _result(each: Result, park: Park) -> Line:
    return Line(when=each.reported_at, what=str(each.get_value_display()), more=each.tube.code,
                state="done" if each.value == "negative" else "late", url=reverse("tube", args=[park.uid, each.tube.code]))


def _excuse(each: Excuse, titles: Mapping[str, str], end: str) -> Line:
    return Line(when=each.since_at, until=each.withdrawn_at or each.until_at, state="excused", what=each.reason, end=end,
                more=f"{titles.get(each.duty or '*', each.duty)} · {each.decided_by_name}")


def _end_of(each: Excuse, park: Park, at: datetime, *, may_end: bool) -> str:
    holds = each.withdrawn_at is None and each.until_at > at
    return reverse("excuse-withdraw", args=[park.uid, each.pk]) if holds and may_end else ""


def _posting(each: Posting) -> Line:
    parts = (each.enterprise.name, each.unit.name if each.unit_id != each.enterprise_id else "", each.post,
             str(each.get_shift_display()) if each.shift else "", str(each.get_status_display()))
    return Line(when=each.since, until=each.until, what=parts[0], more=" · ".join(part for part in parts[1:] if part))


def _assignment(each: Assignment) -> Line:
    return Line(when=each.since, until=each.until, what=str(each.get_kind_display()),
                more=" · ".join(part for part in (each.place.name, each.bed) if part))


def _charge(each: Charge) -> Line:
    return Line(when=each.since, until=each.until, what=str(Role(each.role).label), more=str(each.unit or each.place or ""))


def _badge(each: Badge, park: Park, at: datetime) -> Line:
    over = bool(each.withdrawn_at) or bool(each.expires_at and each.expires_at <= at)
    more = each.withdrawn_because or (_("ended") if over else "")
    return Line(when=each.issued_at, until=each.withdrawn_at or each.expires_at, what=str(BadgeKind(each.kind).label), more=more,
                state="owed" if over else "done", end_asks=each.kind == BadgeKind.CARD,
                end="" if over else reverse("badge-withdraw", args=[park.uid, each.pk]))


def _message(each: Message, park: Park) -> Line:
    """Whoever sees the reader of a message does not see everybody for whom he answers: no names of others."""
    named = bool(each.step and each.facts.get("names"))
    what = _("%(title)s: %(count)s people for whom he answers are missing.") % {
        "title": title_of(each), "count": each.facts.get("count", 0)} if named else sentence_of(each, park)
    return Line(when=each.written_at, what=what, state="done" if each.read_at else "owed",
                more=_("read") if each.read_at else _("not read yet"))


def _look(each: LookUp) -> Line:
    return Line(when=each.at, what=each.actor_name, more=f"{fields_in_words(each.fields)} · {reason_in_words(each.reason)}")
