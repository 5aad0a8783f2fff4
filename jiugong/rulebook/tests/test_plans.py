"""A plan's life: written, handed in, approved or returned; versions kept; revised when a release is adopted."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO

import pypdf
import pytest
from django.test import Client

from jiugong.accounts.queries import actor_for
from jiugong.journal.models import Entry, Message
from jiugong.lib.acting import NotAllowed, operator
from jiugong.rulebook.actions import adopt
from jiugong.rulebook.actions.plans import approve, draft_park_plan, draft_plan, send_back, submit
from jiugong.rulebook.errors import (
    NotAnEnterprise,
    PlanIncomplete,
    PlanMoved,
    PlanNotWritable,
    PlanTooLong,
    ReasonMissing,
)
from jiugong.rulebook.models import EnterprisePlan, ParkPlan
from jiugong.rulebook.queries.plans import plans_in_force, revisions_due
from jiugong.rulebook.stages import NEXT, Stage
from jiugong.rulebook.tests.conftest import EVERYTHING_SAID
from jiugong.rulebook.words import ParkPlanKind, Regime
from tests.cast import DAY, Town

ONE, TWO = "东风木业有限公司", "南山家居有限公司"
V9, TWENTY, TWENTY_BEGINS = "cn-2022-v9", "cn-2022-20", date(2022, 11, 11)
pytestmark = pytest.mark.usefixtures("this_morning")


def test_every_stage_is_reached_and_every_life_can_end() -> None:
    reached, waiting = {Stage.DRAFT}, [Stage.DRAFT]
    while waiting:
        new = NEXT[waiting.pop()] - reached
        reached |= new
        waiting += new
    ends = {stage for stage, after in NEXT.items() if not after}

    def can_end(stage: Stage, seen: frozenset[Stage] = frozenset()) -> bool:
        return stage in ends or any(can_end(after, seen | {stage}) for after in NEXT[stage] - seen - {stage})

    assert reached == set(Stage)
    assert ends == {Stage.APPROVED}
    assert all(map(can_end, Stage))


def test_fang_writes_lin_returns_fang_mends_lin_approves(town: Town) -> None:
    fang, lin = (actor_for(town.users[name]) for name in ("fang", "lin"))
    firm = town.firms[ONE]
    plan = draft_plan(firm, regime=Regime.SEMI_CLOSED, sections=EVERYTHING_SAID, actor=fang)
    assert (plan.version, plan.stage) == (1, Stage.DRAFT)

    submit(plan, actor=fang)
    assert Message.objects.filter(to_user=town.users["lin"], about=f"plan:{firm.uid}", kind="task").count() == 1
    with pytest.raises(PlanNotWritable):
        draft_plan(firm, regime=Regime.OPEN, sections={"stock": "改"}, actor=fang)
    send_back(plan, reason="物资天数不足", actor=lin)
    assert (plan.stage, plan.returned_because) == (Stage.RETURNED, "物资天数不足")
    assert Message.objects.filter(to_person=town.people["方敏"], kind="task").count() == 1

    plan = draft_plan(firm, regime=Regime.SEMI_CLOSED, sections={"stock": "储备十四天。"}, actor=fang)
    assert (plan.version, plan.stage, plan.sections["stock"]) == (1, Stage.RETURNED, "储备十四天。")
    submit(plan, actor=fang)
    approve(plan, actor=lin)

    assert (plan.stage, plan.since, plan.until) == (Stage.APPROVED, DAY, None)
    assert list(plans_in_force(town.park, DAY)) == [plan]
    assert [entry.verb for entry in Entry.objects.filter(verb__startswith="plan.").order_by("pk")] == [
        "plan.drafted", "plan.submitted", "plan.returned", "plan.drafted", "plan.submitted", "plan.approved"]


def test_the_next_version_begins_with_the_text_that_holds_and_ends_it_on_its_day(
        town: Town, a_plan_in_force: Callable[..., EnterprisePlan]) -> None:
    first = a_plan_in_force(town.firms[ONE], Regime.CLOSED_LOOP)
    second = draft_plan(town.firms[ONE], regime=Regime.OPEN, sections={"stock": "三十天。"}, since=DAY + timedelta(days=5),
                        actor=operator())
    assert (second.version, second.sections["people"]) == (2, first.sections["people"])
    assert list(plans_in_force(town.park, DAY)) == [first]

    submit(second, actor=operator())
    approve(second, actor=operator())

    held = {day: plans_in_force(town.park, DAY + timedelta(days=day)).get().version for day in (0, 4, 5, 6)}
    assert held == {0: 1, 4: 1, 5: 2, 6: 2}
    assert EnterprisePlan.objects.get(pk=first.pk).sections == EVERYTHING_SAID


def test_a_plan_never_holds_from_before_the_day_of_its_approval(town: Town,
                                                               a_plan_in_force: Callable[..., EnterprisePlan]) -> None:
    assert a_plan_in_force(town.firms[ONE], since=DAY - timedelta(days=30)).since == DAY


def test_the_same_text_again_is_no_new_entry(town: Town) -> None:
    draft_plan(town.firms[ONE], regime=Regime.OPEN, sections={"stock": "十四天"}, actor=operator())
    entries = Entry.objects.count()

    draft_plan(town.firms[ONE], regime=Regime.OPEN, sections={"stock": "十四天 "}, actor=operator())

    assert (EnterprisePlan.objects.count(), Entry.objects.count()) == (1, entries)


def test_what_is_silent_too_long_or_no_enterprise_is_refused_and_changes_nothing(town: Town) -> None:
    plan = draft_plan(town.firms[ONE], regime=Regime.OPEN, sections={"stock": "十四天"}, actor=operator())
    with pytest.raises(PlanIncomplete) as refused:
        submit(plan, actor=operator())
    assert "组织领导与全员责任" in refused.value.facts["sections"]
    with pytest.raises(PlanTooLong):
        draft_plan(town.firms[ONE], regime=Regime.OPEN, sections={"stock": "长" * 4001}, actor=operator())
    with pytest.raises(NotAnEnterprise):
        draft_plan(town.firms[ONE].parts.get(kind="team"), regime=Regime.OPEN, sections={}, actor=operator())
    with pytest.raises(PlanMoved):
        approve(plan, actor=operator())
    with pytest.raises(ReasonMissing):
        send_back(plan, reason=" ", actor=operator())

    assert list(EnterprisePlan.objects.values_list("stage", "sections")) == [("draft", {"stock": "十四天"})]


def test_fang_writes_her_own_enterprises_plan_alone_and_approves_none(
        town: Town, other_town: Town, a_plan_in_force: Callable[..., EnterprisePlan]) -> None:
    fang, ines = actor_for(town.users["fang"]), actor_for(other_town.users["ines"])
    with pytest.raises(NotAllowed):
        draft_plan(town.firms[TWO], regime=Regime.OPEN, sections={}, actor=fang)
    with pytest.raises(NotAllowed):
        draft_park_plan(town.park, ParkPlanKind.CONTROL, sections={}, actor=fang)
    plan = draft_plan(town.firms[ONE], regime=Regime.OPEN, sections=EVERYTHING_SAID, actor=fang)
    submit(plan, actor=fang)
    for actor in (fang, ines):
        with pytest.raises(NotAllowed):
            approve(plan, actor=actor)

    assert EnterprisePlan.objects.get().stage == Stage.IN_REVIEW


# adopting opens revisions -------------------------------------------------------------------------------------------

def test_adopting_opens_a_dated_revision_of_the_parks_plans_and_of_those_it_touches(
        town: Town, a_plan_in_force: Callable[..., EnterprisePlan]) -> None:
    adopt(town.park, V9, from_day=DAY, actor=operator())
    held = a_plan_in_force(town.firms[ONE])

    adopt(town.park, TWENTY, from_day=TWENTY_BEGINS, actor=operator())

    revision = EnterprisePlan.objects.get(unit=town.firms[ONE], version=2)
    assert (revision.stage, revision.due_on, revision.since, revision.regime) == (
        "revision_due", TWENTY_BEGINS, TWENTY_BEGINS, "closed_loop")
    assert (revision.sections, "emergency" in revision.touched, "stock" in revision.touched) == (held.sections, True, False)
    assert list(revisions_due(town.park)) == [revision]
    assert list(plans_in_force(town.park, TWENTY_BEGINS)) == [held]              # the old one holds until it is approved
    assert {plan.kind: plan.stage for plan in ParkPlan.objects.all()} == {
        "control": "revision_due", "emergency": "revision_due"}
    told = Message.objects.filter(facts__release=TWENTY)
    assert set(told.values_list("to_person__name", "to_user__username")) == {("方敏", None), (None, "lin")}
    assert Entry.objects.filter(verb="plans.revision_due").get().facts["enterprises"] == 1


def test_adopting_twice_opens_nothing_twice(town: Town, a_plan_in_force: Callable[..., EnterprisePlan]) -> None:
    adopt(town.park, V9, from_day=DAY, actor=operator())
    a_plan_in_force(town.firms[ONE])
    adopt(town.park, TWENTY, from_day=TWENTY_BEGINS, actor=operator())
    before = (EnterprisePlan.objects.count(), ParkPlan.objects.count(), Message.objects.count(), Entry.objects.count())

    adopt(town.park, TWENTY, from_day=TWENTY_BEGINS, actor=operator())

    assert before == (EnterprisePlan.objects.count(), ParkPlan.objects.count(), Message.objects.count(), Entry.objects.count())


def test_a_plan_that_is_being_read_is_called_for_again(town: Town) -> None:
    adopt(town.park, V9, from_day=DAY, actor=operator())
    plan = draft_plan(town.firms[ONE], regime=Regime.OPEN, sections=EVERYTHING_SAID, actor=operator())
    submit(plan, actor=operator())

    adopt(town.park, TWENTY, from_day=TWENTY_BEGINS, actor=operator())

    called = EnterprisePlan.objects.get()
    assert (called.version, called.stage, called.due_on) == (1, "revision_due", TWENTY_BEGINS)


def test_a_release_of_the_past_that_another_has_ended_opens_nothing(town: Town) -> None:
    adopt(town.park, V9, from_day=DAY, actor=operator())
    plans = ParkPlan.objects.count()

    adopt(town.park, V9, from_day=date(2022, 7, 1), actor=operator())

    assert ParkPlan.objects.count() == plans


def test_opening_the_revisions_takes_as_many_questions_for_one_plan_as_for_three(
        town: Town, a_plan_in_force: Callable[..., EnterprisePlan]) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    adopt(town.park, V9, from_day=DAY, actor=operator())
    a_plan_in_force(town.firms[ONE])
    with CaptureQueriesContext(connection) as one:
        adopt(town.park, TWENTY, from_day=TWENTY_BEGINS, actor=operator())
    for firm in (TWO, "西河门窗有限公司"):
        a_plan_in_force(town.firms[firm])
    with CaptureQueriesContext(connection) as three:
        adopt(town.park, V9, from_day=TWENTY_BEGINS + timedelta(days=1), actor=operator())

    assert EnterprisePlan.objects.filter(stage="revision_due").count() == 3
    assert len(three) <= len(one) + 4      # one update more, for the plan already called for, and whether its day is closed


# pages --------------------------------------------------------------------------------------------------------------

def at(town: Town, rest: str) -> str:
    return f"/parks/{town.park.uid}/plans{rest}"


def test_fang_writes_and_hands_in_a_plan_in_the_browser_and_lin_approves_it(town: Town, client: Client) -> None:
    firm = town.firms[ONE]
    client.force_login(town.users["fang"])
    written = {f"section-{key}": text for key, text in EVERYTHING_SAID.items()} | {"regime": "closed_loop", "submit": "1"}
    answer = client.post(at(town, f"/{firm.uid}/edit"), written)
    assert answer.headers["Location"] == at(town, f"/{firm.uid}")
    assert client.get(at(town, f"/{firm.uid}")).context["may_decide"] is False

    client.force_login(town.users["lin"])
    assert client.get(at(town, f"/{firm.uid}")).context["may_decide"] is True
    client.post(at(town, f"/{firm.uid}/decide"), {"do": "approve", "version": "1"})

    assert plans_in_force(town.park, DAY).get().regime == "closed_loop"
    rows = {unit.name: unit.plan_stage for unit in client.get(at(town, "")).context["page"]}
    assert rows[ONE] == "approved"
    assert rows[TWO] is None


def test_two_versions_are_shown_with_what_became_of_the_text(town: Town, client: Client,
                                                             a_plan_in_force: Callable[..., EnterprisePlan]) -> None:
    a_plan_in_force(town.firms[ONE])
    draft_plan(town.firms[ONE], regime=Regime.OPEN, sections={"stock": "照此办理，储备十四天。"}, actor=operator())
    client.force_login(town.users["lin"])

    page = client.get(at(town, f"/{town.firms[ONE].uid}"), {"version": "2", "beside": "1"})

    pieces = next(each["pieces"] for each in page.context["sections"] if each["section"].key == "stock")
    assert ("new", "，储备十四天") in pieces
    assert "".join(text for kind, text in pieces if kind != "gone") == "照此办理，储备十四天。"


def test_the_paper_of_a_plan_says_every_section(town: Town, client: Client,
                                                a_plan_in_force: Callable[..., EnterprisePlan]) -> None:
    a_plan_in_force(town.firms[ONE])
    client.force_login(town.users["lin"])

    paper = client.get(at(town, f"/{town.firms[ONE].uid}/pdf"))
    text = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(paper.content)).pages)

    assert paper.headers["Content-Type"] == "application/pdf"
    assert ONE in text
    assert text.count("照此办理") == len(EVERYTHING_SAID)


def test_a_version_that_does_not_exist_and_another_parks_enterprise_are_not_here(
        town: Town, other_town: Town, client: Client) -> None:
    client.force_login(town.users["lin"])

    assert client.get(at(town, f"/{town.firms[ONE].uid}"), {"version": "7"}).status_code == 404
    assert client.get(at(town, f"/{other_town.firms[ONE].uid}")).status_code == 404
    assert client.get(at(town, "/nonsense")).status_code == 404
