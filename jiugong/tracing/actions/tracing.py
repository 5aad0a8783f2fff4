"""Asking whom somebody met: who asked, why, by which release, and what was found; the same question gives the same again."""

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, looked, note
from jiugong.lib.can import Can
from jiugong.policy import Release
from jiugong.registry.models import Park
from jiugong.tracing.actions.pseudonyms import numbered
from jiugong.tracing.errors import ReasonMissing, WindowOutOfOrder
from jiugong.tracing.logic.contacts import Asked, Meeting
from jiugong.tracing.models import Case, Incident, Pseudonym, Trace
from jiugong.tracing.queries.history import meetings_of, seconds
from jiugong.tracing.queries.rules import Grounds, grounds_on
from jiugong.tracing.words import ContactClass

LONGEST_REASON = 300
RANK = (ContactClass.CLOSE_CONTACT, ContactClass.CONTACT_OF_CONTACT, ContactClass.GENERAL_CONTACT, ContactClass.VENUE_EXPOSURE)


@dataclass(kw_only=True)
class Found:
    """Somebody who was found: in which class, by which meetings, through whom where he is a contact of a contact."""

    who: int
    contact: ContactClass
    meetings: list[Meeting] = field(default_factory=list)
    through: int = 0

    @property
    def grounds(self) -> list[str]:
        return sorted({each.ground for each in self.meetings})


@dataclass(frozen=True, kw_only=True)
class Traced:
    """What a question found: the trace that is kept, and everybody found, close contacts first, most grounds first."""

    trace: Trace
    grounds: Grounds
    found: list[Found]


@transaction.atomic
def trace(park: Park, who: Pseudonym, *, since: datetime, until: datetime, release: Release, reason: str, actor: Actor,
          incident: Incident | None = None, case: Case | None = None) -> Traced:
    """Find everybody who met somebody in a window, by the release of the day of `until` and the park's own rules.

    Raises ReasonMissing, WindowOutOfOrder, NoExposures.
    """
    actor.must(Can.TRACE_CONTACTS, over=park)
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON or not reason.isprintable():
        raise ReasonMissing(most=LONGEST_REASON)
    if until < since:
        raise WindowOutOfOrder(since=days.local(since, park.zone), until=days.local(until, park.zone))
    grounds = grounds_on(park, release, days.day_of(until, park.zone))
    now, began = clock.now(), time.monotonic()
    numbered(park)
    found = _find(park, who.number, seconds(since), seconds(until), grounds)
    took = round((time.monotonic() - began) * 1000)

    kept = Trace.objects.create(
        park=park, incident=incident, case=case, who=who, since=since, until=until, release=release.key,
        fingerprint=release.fingerprint.effect, rules=grounds.as_data(), reason=reason, asked_at=now, asked_by=actor.key,
        asked_by_name=actor.name, milliseconds=took, found=len(found))
    if who.person_id:
        looked(actor=actor, park_id=park.pk, person_ids=(who.person_id,), fields=("whereabouts",), reason=reason, at=now)

    note("contacts.traced", actor=actor, at=now, park_id=park.pk, subject=f"trace:{kept.pk}", people=len(found),
         release=release.key, reason=reason)
    return Traced(trace=kept, grounds=grounds, found=found)


def _find(park: Park, who: int, since: int, until: int, grounds: Grounds) -> list[Found]:
    first = meetings_of(park, [Asked(who=who, since=since, until=until)], grounds.rules)
    found = _in_classes(first, grounds)
    if grounds.onward:
        found += _onward(park, who, until, found, grounds)
    return sorted(found, key=lambda each: (RANK.index(each.contact), -len(each.grounds), -len(each.meetings), each.who))


def _in_classes(met: Sequence[Meeting], grounds: Grounds) -> list[Found]:
    """Everybody once, in the closest class that one of his meetings gives, with the meetings of that class."""
    class_of = {rule.ground: ContactClass(rule.contact) for rule in grounds.rules}
    by_person: dict[int, list[Meeting]] = defaultdict(list)
    for meeting in met:
        by_person[meeting.who].append(meeting)
    found = []
    for number, his in by_person.items():
        closest = min((class_of[each.ground] for each in his), key=RANK.index)
        found.append(Found(who=number, contact=closest, meetings=[each for each in his if class_of[each.ground] is closest]))
    return found


def _onward(park: Park, case: int, until: int, found: Sequence[Found], grounds: Grounds) -> list[Found]:
    """Whom close contacts at higher risk met since they met the case, by rules that pass it on."""
    rules = tuple(rule for rule in grounds.rules if rule.onward)
    passing = {rule.ground for rule in rules}
    close = {each.who for each in found if each.contact is ContactClass.CLOSE_CONTACT}
    asked = [Asked(who=each.who, since=min(one.since for one in each.meetings if one.ground in passing), until=until)
             for each in found if each.contact is ContactClass.CLOSE_CONTACT and passing.intersection(each.grounds)]
    met: dict[int, Found] = {}
    for meeting in meetings_of(park, asked, rules):
        if meeting.who not in close and meeting.who != case:
            one = met.setdefault(meeting.who, Found(who=meeting.who, contact=ContactClass.CONTACT_OF_CONTACT,
                                                    through=meeting.asked))
            one.meetings.append(meeting)
    return list(met.values())
