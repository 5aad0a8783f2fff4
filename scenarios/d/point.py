"""What the demonstration invents at the points, beside story D: a laboratory with its contract, boxes on their way, a local rule.

Like the diary it is told through the public actions, and it is no part of the story.
"""

from collections import defaultdict
from datetime import date, datetime, timedelta

from jiugong.accounts.models import User
from jiugong.accounts.queries import actor_for
from jiugong.lib.acting import Actor
from jiugong.registry.models import Park
from jiugong.registry.queries.people import on_duty
from jiugong.rulebook.actions.supplements import supplement
from jiugong.screening.actions.boxes import Put, open_box, put_tubes, seal_box
from jiugong.screening.actions.custody import hand_over, receive_at_laboratory, take_along
from jiugong.screening.actions.laboratories import Terms, contract, keep_laboratory, tie_account
from jiugong.screening.actions.points import set_up_point
from jiugong.screening.models import Box, Point, Round, Tube
from jiugong.screening.words import PointKind

LABORATORY, HOURS = "城东医学检验所（演示）", 12
FROM_PEOPLE = 100
RULE = {"kind": "parameter", "title": {"zh-hans": "多少人起设企业采样点（演示）", "en": "From how many people on (demonstration)"},
        "reviewed_on": "2022-07-20", "holds": "whole_number"}
SOME = 6                                     # tubes in a box
OWN_POINTS = 2                               # enterprises that have set up their own
JOURNEYS = (4, 3, 2, 1)                      # how far the boxes are: at the laboratory, on the way, handed over, sealed


def write(park: Park, first: date, the_round: Round, morning: datetime, *, actor: Actor) -> None:
    """Enter it as it stands on a morning of a round."""
    laboratory = keep_laboratory(park, LABORATORY, contact="值班台（演示）", actor=actor)
    contract(laboratory, Terms(hours=HOURS, since=first), actor=actor)
    tie_account(laboratory, User.objects.get(username="laboratory"), actor=actor)
    supplement(park, "points.enterprise_from_people", rule=RULE, value=FROM_PEOPLE, since=first, actor=actor,
               title="关于企业采样点的通知（演示）", issuer="园区办（演示）", published=str(first))
    _own_points(park, the_round.day, actor)
    for number, (point, tubes) in enumerate(_packable(the_round, morning), start=1):
        _send(park, f"YS{number:02}", point, tubes, morning - timedelta(minutes=70 - 12 * number), JOURNEYS[number - 1])


def _own_points(park: Park, day: date, actor: Actor) -> None:
    """The largest enterprises have a point of their own; the others that need one are listed."""
    people: dict[int, int] = defaultdict(int)
    for enterprise in on_duty(park, day).order_by().values_list("enterprise", flat=True):
        if enterprise:
            people[enterprise] += 1
    largest = sorted(people, key=lambda pk: (-people[pk], pk))[:OWN_POINTS]
    for unit in park.units.filter(pk__in=largest):
        set_up_point(park, f"{unit.name}采样点", kind=PointKind.ENTERPRISE, unit=unit, actor=actor)


def _packable(the_round: Round, morning: datetime) -> list[tuple[Point, list[Tube]]]:
    """Some tubes for each box, of the points with the most tubes of a round that were begun long enough before a moment."""
    tubes: dict[Point, list[Tube]] = defaultdict(list)
    begun = Tube.objects.filter(round=the_round, opened_at__lt=morning - timedelta(minutes=75)).select_related("point")
    for tube in begun.order_by("opened_at", "code"):
        tubes[tube.point].append(tube)
    parts = [(first, -len(found), point.pk, point, found[first:first + SOME])
             for point, found in tubes.items() for first in range(0, len(found), SOME)]
    return [(point, part) for *_order, point, part in sorted(parts, key=lambda each: each[:3])][:len(JOURNEYS)]


def _send(park: Park, code: str, point: Point, tubes: list[Tube], opened: datetime, steps: int) -> None:
    """A box on its way: each step a few minutes after the one before it, by whose hands it is."""
    if Box.objects.filter(park=park, client_id=code).exists():
        return
    shu, yi, yan = (actor_for(User.objects.get(username=name)) for name in ("scanner", "courier", "laboratory"))
    box = open_box(park, code, point=point, client_id=code, actor=shu, at=opened)
    put_tubes(park, [Put(put_id=f"{code}-{tube.code}", box=code, tube=tube.code, put_at=opened) for tube in tubes], actor=shu)
    at = [opened + timedelta(minutes=4 * step) for step in range(6)]
    count = len(tubes)
    box = seal_box(box, actor=shu, at=at[1])
    if steps > 1:
        hand_over(box, leg_id=f"{code}-1", gave=count, to_whom="运送员（演示）", actor=shu, at=at[2])
    if steps > 2:
        take_along(box, receipt_id=f"{code}-1", counted=count, actor=yi, at=at[3])
    if steps > 3:
        hand_over(box, leg_id=f"{code}-2", gave=count, to_whom=LABORATORY, actor=yi, at=at[4])
        receive_at_laboratory(box, receipt_id=f"{code}-2", scanned=[tube.code for tube in tubes], actor=yan, at=at[5])
