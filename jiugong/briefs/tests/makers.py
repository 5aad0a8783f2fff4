"""Briefs and filings for tests: one line for one thing."""

from datetime import date, time

from jiugong.accounts.queries import actor_for
from jiugong.briefs.actions import Entered, choose_figures, file_figures, publish
from jiugong.briefs.models import Brief, Filing
from jiugong.briefs.papers.content import Paper, draft
from jiugong.briefs.queries import brief, scope_for
from jiugong.briefs.wording import KEYS
from jiugong.lib.acting import operator
from jiugong.registry.models import Body, Charge
from jiugong.registry.words import BodyKind, Role
from tests.cast import DAY, Town

FILED = ("registry.on_duty", "screening.sampled")


def a_body(town: Town, name: str = "信息采集组") -> Body:
    body, _made = Body.objects.get_or_create(park=town.park, name=name, defaults={"kind": BodyKind.TASK_GROUP, "key": name})
    choose_figures(town.park, body, keys=FILED, due=time(18, 0), actor=operator())
    return body


def a_team_of(town: Town, grid: str) -> Body:
    """An inspection team whose leader answers for a grid."""
    body = Body.objects.create(park=town.park, kind=BodyKind.INSPECTION_TEAM, name=f"{grid}检查组", key=grid)
    Charge.objects.create(park=town.park, person=town.people["陶磊"], role=Role.GRID_LEADER, place=town.grids[grid], body=body)
    choose_figures(town.park, body, keys=FILED, due=time(18, 0), actor=operator())
    return body


def as_counted(**other: Entered) -> dict[str, Entered]:
    return {key: Entered() for key in FILED} | {key.replace("__", "."): one for key, one in other.items()}


def filed_by(town: Town, body: Body, client_id: str, figures: dict[str, Entered] | None = None, *, day: date = DAY,
          who: str = "lin") -> Filing:
    return file_figures(town.park, body, day, figures=as_counted() if figures is None else figures, client_id=client_id,
                        actor=actor_for(town.users[who]))


def a_published_brief(town: Town, client_id: str, *, first: date = DAY, last: date = DAY, language: str = "zh-hans",
                      who: str = "lin") -> Brief:
    return publish(town.park, first=first, last=last, language=language, client_id=client_id,
                   actor=actor_for(town.users[who]))


def a_draft(town: Town, language: str) -> Paper:
    return draft(brief(scope_for(actor_for(town.users["lin"]), town.park, DAY, DAY), KEYS), language)
