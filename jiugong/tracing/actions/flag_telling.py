"""Telling who answers for somebody flagged: one message to each officer, however many of his people a list names."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from jiugong.journal.actions import Draft, write_messages
from jiugong.journal.models import MessageKind
from jiugong.lib import clock
from jiugong.lib.acting import Actor
from jiugong.registry.models import Park, Person, Posting, Unit, holds_on
from jiugong.registry.queries.charges import Answering, answering_for
from jiugong.registry.queries.people import today_in
from jiugong.registry.words import Role
from jiugong.tracing.models import Flagged
from jiugong.tracing.words import FlagStage

MOST_PARAMETERS, MOST_NAMED = 5000, 3
FIRST = (Role.PREVENTION_OFFICER, Role.GRID_LEADER)          # who finds people; else whoever answers nearest
TITLE = {"zh-hans": "外地推送人员待核查", "en": "People flagged by other places"}


def tell_who_answers(park: Park, flagged: Iterable[Flagged], *, once: str, actor: Actor) -> int:
    """Write to each officer whose people these are; for whom nobody answers stays untold, and is late when its time is over."""
    rows = [row for row in flagged if row.person_id]
    if not rows:
        return 0
    officers = officers_for(park, [row.person_id for row in rows if row.person_id])
    theirs: dict[int, list[Flagged]] = defaultdict(list)
    for row in rows:
        if officer := officers.get(row.person_id or 0):
            theirs[officer.pk].append(row)
    named = {officer.pk: officer for officer in officers.values()}
    people = Person.objects.in_bulk([row.person_id for some in theirs.values() for row in some[:MOST_NAMED]])
    write_messages(park, [_draft(park, named[pk], some, people, once) for pk, some in theirs.items()], actor=actor)
    now, told = clock.now(), [row for some in theirs.values() for row in some]
    for row in told:
        row.stage, row.told_at = FlagStage.TOLD, now
    for at in range(0, len(told), MOST_PARAMETERS):
        numbers = [row.pk for row in told[at:at + MOST_PARAMETERS]]
        Flagged.objects.filter(pk__in=numbers).update(stage=FlagStage.TOLD, told_at=now)
    return len(told)


def officers_for(park: Park, people: Sequence[int]) -> dict[int, Person]:
    """Who is told of each of some people: the prevention officer, else the grid's leader, else who answers nearest."""
    units = _units_of(park, people)
    known = Unit.objects.in_bulk(set(units.values()))
    chains = answering_for(known.values(), today_in(park)) if known else {}
    alone = _of_the_park(park)
    found = {person: _first(chains.get(units[person], ()) if person in units else alone, person) for person in people}
    return {person: officer for person, officer in found.items() if officer}


def _first(chain: Sequence[Answering], person: int) -> Person | None:
    others = [each for each in chain if each.person.pk != person]
    return next((each.person for role in FIRST for each in others if each.role == role),
                others[0].person if others else None)


def _units_of(park: Park, people: Sequence[int]) -> dict[int, int]:
    """In which unit each is posted today; of who has left, where he was last."""
    units: dict[int, int] = {}
    for at in range(0, len(people), MOST_PARAMETERS):
        some = people[at:at + MOST_PARAMETERS]
        units |= dict(Posting.objects.filter(holds_on(today_in(park)), park=park, person__in=some).values_list("person", "unit"))
        gone = [pk for pk in some if pk not in units]
        if gone:
            before = Posting.objects.filter(park=park, person__in=gone).order_by("until", "pk")
            units |= dict(before.values_list("person", "unit"))
    return units


def _of_the_park(park: Park) -> Sequence[Answering]:
    root = Unit.objects.filter(park=park, parent=None).first()
    return answering_for([root], today_in(park))[root.pk] if root else ()


def _draft(park: Park, officer: Person, rows: Sequence[Flagged], people: Mapping[int, Person], once: str) -> Draft:
    due = min(row.due_at for row in rows).astimezone(park.zone)
    first = [people[row.person_id] for row in rows[:MOST_NAMED] if row.person_id]
    facts: dict[str, Any] = {"title": TITLE, "text": _text([each.name for each in first], len(rows), f"{due:%m-%d %H:%M}"),
                             "until": due.isoformat(), "flagged": [row.pk for row in rows]}
    return Draft(once=f"flagged:{once}:{officer.pk}", kind=MessageKind.TASK, to_person=officer, facts=facts,
                 concerns=first[0] if len(rows) == 1 else None,
                 about=f"flagged:{rows[0].pk}" if len(rows) == 1 else "flagged-people:all")


def _text(names: Sequence[str], count: int, due: str) -> dict[str, str]:
    more = count > len(names)
    return {
        "zh-hans": f"外地推送：你负责的{count}人（{'、'.join(names)}{'等' if more else ''}）请在{due}前找到并处置。",
        "en": f"Flagged by another place: {count} of your people ({', '.join(names)}{' …' if more else ''}). Find them and act "
              f"until {due}."}
