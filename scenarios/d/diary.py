"""What the demonstration invents beside story D, so that its park lives: who reported his health, what was disinfected.

It is told through the public actions, and it is no part of the story: `jiugong story d` knows nothing of it. One in
twenty-five forgets his report, one sits at home with a fever, and one disinfection in eight still waits for its check.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from jiugong.duties.actions import MOST_PIECES, Piece, check, record_all
from jiugong.duties.models import Evidence
from jiugong.duties.queries import Due, Whom, asked_by, due_at
from jiugong.lib import clock, days
from jiugong.lib.acting import Actor
from jiugong.registry.models import Park

FORGETS, FEVERISH, UNCHECKED = 25, 640, 8               # one in so many
EVENING = time(23, 50)
SHOWN: dict[str, dict[str, Any]] = {
    "disinfection": {"agent": "chlorine", "concentration": 500, "contact_minutes": 30, "way": "wipe", "operator": "周清洁",
                     "what": "电梯、走廊、卫生间"},
    "hygiene_check": {"seen": 12, "masks_right": 12, "hands_washed": 11},
    "drill": {"title": "混采阳性应急处置演练", "class": "full", "level": "enterprise", "participants": 30},
    "vaccination": {"dose": 3, "product": "灭活疫苗", "on": "2022-03-10"},
    "training": {"course": "重点岗位防疫培训", "held_on": "2022-06-15", "valid_until": "2023-06-15"},
}


def write(park: Park, first: date, last: date, *, actor: Actor, checker: Actor) -> None:
    """Record what was done in the park on these days. Writing it again changes nothing."""
    for day in days.each(first, last):
        with clock.standing_at(datetime.combine(day, EVENING, tzinfo=park.zone)):
            for hour in (10, 20):
                pieces = list(_pieces(park, datetime.combine(day, time(hour), tzinfo=park.zone)))
                for start in range(0, len(pieces), MOST_PIECES):
                    record_all(park, pieces[start:start + MOST_PIECES], actor=actor)
            done = Evidence.objects.filter(park=park, kind="disinfection", check_made=None,
                                           client_id__endswith=f":{day}").order_by("pk")
            for each in done.select_related("place"):
                if each.pk % UNCHECKED:
                    check(each, passed=True, actor=checker)


def _pieces(park: Park, at: datetime) -> Iterator[Piece]:
    """What those do who have not yet done what is open at a moment."""
    for due in due_at(park, at):
        kind = due.rule.evidence
        if due.window.holds(at) and (kind == "health_report" or kind in SHOWN):
            for row in asked_by(park, due, at).missing().order_by("pk"):
                thing = row.person if due.rule.subject == "person" else row
                if thing.pk % FORGETS:
                    yield _piece(due, thing, at)


def _piece(due: Due, thing: Any, at: datetime) -> Piece:
    kind, day = due.rule.evidence, at.date()
    data = dict(SHOWN.get(kind, {}))
    if kind == "health_report":
        data = {"temperature": 37.9 if thing.pk % FEVERISH == 1 else 36.1 + thing.pk % 9 / 10, "symptoms": []}
    if kind == "drill":
        data["held_on"] = str(day - timedelta(days=thing.pk % 60))
    return Piece(client_id=f"diary:{due.rule.key}:{due.window.key.rpartition('/')[2]}:{thing.pk}:{day}", kind=kind,
                 whom=_whom(due.rule.subject, thing), data=data,
                 happened_at=at - timedelta(minutes=thing.pk % 110 + 5))


def _whom(subject: str, thing: Any) -> Whom:
    if subject == "place":
        return Whom(place=thing.pk)
    return Whom(person=thing.uid) if subject == "person" else Whom(unit=thing.uid)
