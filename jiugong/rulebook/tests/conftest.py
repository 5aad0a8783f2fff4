"""Makers for what a park decides: local rules, plans, all sections of an outline written."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from jiugong.lib.acting import operator
from jiugong.registry.models import Unit
from jiugong.rulebook.actions.plans import approve, draft_plan, submit
from jiugong.rulebook.actions.supplements import supplement
from jiugong.rulebook.logic.outlines import ENTERPRISE, outline
from jiugong.rulebook.models import EnterprisePlan, Supplement
from jiugong.rulebook.words import Regime
from tests.cast import DAY, Town

DOCUMENT: dict[str, Any] = {"title": "关于加密检测频次的通知", "issuer": "区指挥部", "published": "2022-07-20"}
EVERYTHING_SAID = {section.key: "照此办理。" for section in outline(ENTERPRISE)}
EVERY_DAY: dict[str, Any] = {"kind": "windows_a_day", "windows": [["00:00", "23:59"]]}


@pytest.fixture
def a_local_duty(town: Town) -> Callable[..., Supplement]:
    def make(who: list[Any], *, key: str = "duties.local_specimen", evidence: str = "specimen",
             cadence: dict[str, Any] | None = None, since: date = DAY, until: date | None = None,
             on_site: bool = False) -> Supplement:
        return supplement(
            town.park, key, actor=operator(), since=since, until=until, **DOCUMENT,
            value={"who": who, "cadence": cadence or EVERY_DAY}, rule={
                "kind": "duty", "title": {"zh-hans": "本地检测", "en": "Local test"}, "reviewed_on": "2022-07-20",
                "subject": "person", "evidence": evidence, "on_site": on_site})
    return make


@pytest.fixture
def a_plan_in_force() -> Callable[..., EnterprisePlan]:
    def make(unit: Unit, regime: Regime = Regime.CLOSED_LOOP, *, since: date = DAY) -> EnterprisePlan:
        plan = draft_plan(unit, regime=regime, sections=EVERYTHING_SAID, since=since, actor=operator())
        submit(plan, actor=operator())
        approve(plan, actor=operator())
        return plan
    return make
