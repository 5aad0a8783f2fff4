"""Who works from home is excused from what is owed on site, from rounds too, and from nothing else."""

from datetime import date, timedelta
from typing import Any

import pytest

from jiugong.duties.actions import excuse
from jiugong.duties.queries import asked_by, due_at, excused_people
from jiugong.lib import clock
from jiugong.lib.acting import operator
from jiugong.rulebook.actions.supplements import supplement
from tests.cast import DAY, MORNING, Town

DOCUMENT: dict[str, Any] = {"title": "通知", "issuer": "区指挥部", "published": "2022-07-20"}
FIRST, LAST = MORNING - timedelta(hours=1), MORNING + timedelta(hours=1)


def a_duty(town: Town, key: str, evidence: str, *, on_site: bool, since: date = DAY) -> None:
    supplement(town.park, f"duties.{key}", actor=operator(), since=since, **DOCUMENT, value={
        "who": [], "cadence": {"kind": "windows_a_day", "windows": [["00:00", "23:59"]]}}, rule={
            "kind": "duty", "title": {"zh-hans": "试", "en": "Trial"}, "reviewed_on": "2022-07-20", "subject": "person",
            "evidence": evidence, "on_site": on_site})


@pytest.mark.parametrize(("at", "excused"), [
    (FIRST - timedelta(seconds=1), 0), (FIRST, 1), (MORNING, 1), (LAST - timedelta(seconds=1), 1), (LAST, 0)])
def test_while_it_holds_he_is_excused_on_site_alone(town: Town, at: Any, excused: int) -> None:
    with clock.standing_at(MORNING):
        a_duty(town, "local_antigen", "antigen", on_site=True)
        a_duty(town, "local_report", "health_report", on_site=False)
        excuse(town.park, town.people["吴强"], reason="居家办公", duty="on_site", since_at=FIRST, until_at=LAST,
               actor=operator())

    counted = {due.rule.key: asked_by(town.park, due, at).coverage().excused for due in due_at(town.park, at)}

    assert counted == {"local_antigen": excused, "local_report": 0}
    assert excused_people(town.park.pk, "screening.round.1", at).count() == excused
