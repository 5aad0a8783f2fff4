"""What the packs that ship say, and what all of them have in common."""

from datetime import date, timedelta
from typing import Any

import pytest

from jiugong import policy
from jiugong.policy import Duty
from jiugong.policy.dated import Dated, Ended
from jiugong.policy.errors import NotInForce
from jiugong.policy.packs import Pack, read_rules

PACKS = policy.available(policy.PACKS)
COVID = [pack for pack in PACKS if pack.kind == "covid"]
QUESTIONS = {
    "control.close_contact": "last_exposed_on", "control.contact_of_contact": "last_exposed_on",
    "control.inbound": "entered_on", "control.high_risk_area": "left_on", "control.medium_risk_area": "left_on",
    "risk_area.levels": "", "contacts.lookback_days": "",
}
LAST = date(2026, 11, 21)                        # of a pack without an end any later day would do as well


def release(key: str) -> policy.Release:
    return policy.load(policy.PACKS, key)


def last_day(pack: Pack) -> date:
    return pack.end - timedelta(days=1) if pack.end else LAST


def answer(key: str, question: str, day: str, **given: str) -> Any:
    return release(key).ask(question, day=date.fromisoformat(day), given=given).answer


def in_short(periods: list[dict[str, Any]]) -> list[tuple[str, str, str, list[str]]]:
    """Mode, first day, last day and test days, without the year."""
    return [(one["mode"], one["first_day"][5:], one["last_day"][5:], [day[5:] for day in one["tests_on"]])
            for one in periods]


def test_these_packs_ship() -> None:
    assert {pack.key for pack in PACKS} == {
        "cn-2020-v5", "cn-2021-v8", "cn-sh-2022-04", "cn-2022-v9", "cn-2022-20", "cn-2022-10", "cn-2023-b",
        "cn-flu-work", "cn-noro", "cn-chik-2025",
    }


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.key)
def test_every_pack_has_a_changelog_in_which_its_own_name_stands(pack: Pack) -> None:
    text = (policy.PACKS / pack.key / "CHANGELOG.md").read_text()

    assert text.startswith(f"# {pack.key}\n")
    assert "\n## 20" in text


@pytest.mark.parametrize("pack", COVID, ids=lambda pack: pack.key)
def test_every_covid_pack_has_ended_and_says_by_what(pack: Pack) -> None:
    assert pack.historical
    assert pack.end is not None
    assert pack.end <= LAST
    assert pack.ended_by is not None


@pytest.mark.parametrize("pack", COVID, ids=lambda pack: pack.key)
@pytest.mark.parametrize("question", QUESTIONS)
def test_every_covid_pack_answers_the_questions_of_a_park_or_is_silent_on_purpose(pack: Pack, question: str) -> None:
    here = release(pack.key)
    rule, fact = here.rule(question), QUESTIONS[question]

    for day in (pack.first_day, last_day(pack)):
        silent = rule.on(day) is None
        assert silent is (question in SILENT.get(pack.key, ()))
        given = {fact: str(day)} if fact else {}
        if silent:
            with pytest.raises(NotInForce) as refused:
                here.ask(question, day=day, given=given)
            assert "open on purpose" in str(refused.value)
            assert refused.value.facts["held"]
            assert all(isinstance(one, Ended) for one in rule.values)
        else:
            assert here.ask(question, day=day, given=given).because


SILENT = {
    "cn-2020-v5": ("control.inbound", "control.high_risk_area", "control.medium_risk_area"),
    "cn-2021-v8": ("control.high_risk_area", "control.medium_risk_area"),
    "cn-sh-2022-04": ("control.high_risk_area", "control.medium_risk_area"),
    "cn-2023-b": ("contacts.lookback_days",),
}


@pytest.mark.parametrize(("key", "exposed", "day", "expected"), [
    ("cn-2020-v5", "2020-02-20", "2020-02-22", [("medical_observation", "02-21", "03-05", [])]),
    ("cn-2021-v8", "2021-08-01", "2021-08-03", [
        ("central_quarantine", "08-02", "08-15", ["08-02", "08-05", "08-08", "08-15"]),
        ("home_monitoring", "08-16", "08-22", ["08-17", "08-22"])]),
    ("cn-sh-2022-04", "2022-04-30", "2022-05-02", [
        ("central_quarantine", "05-01", "05-14", ["05-01", "05-04", "05-07", "05-14"]),
        ("home_monitoring", "05-15", "05-21", ["05-16", "05-21"])]),
    ("cn-2022-v9", "2022-07-01", "2022-07-02", [
        ("central_quarantine", "07-02", "07-08", ["07-02", "07-03", "07-04", "07-06", "07-08"]),
        ("home_monitoring", "07-09", "07-11", ["07-11"])]),
    ("cn-2022-20", "2022-11-10", "2022-11-12", [
        ("central_quarantine", "11-11", "11-15", ["11-11", "11-12", "11-13", "11-15"]),
        ("home_isolation", "11-16", "11-18", ["11-16", "11-18"])]),
    ("cn-2022-10", "2022-12-06", "2022-12-07", [("home_isolation", "12-07", "12-11", ["12-11"])]),
    ("cn-2023-b", "2023-01-07", "2023-01-08", []),
])
def test_what_a_close_contact_was_under_changed_from_text_to_text(
    key: str, exposed: str, day: str, expected: list[Any],
) -> None:
    assert in_short(answer(key, "control.close_contact", day, last_exposed_on=exposed)) == expected


@pytest.mark.parametrize(("key", "day", "days"), [
    ("cn-2020-v5", "2020-02-21", 0), ("cn-2021-v8", "2021-08-02", 7), ("cn-2022-v9", "2022-07-02", 7),
    ("cn-2022-20", "2022-11-11", 0), ("cn-2022-10", "2022-12-07", 0), ("cn-2023-b", "2023-01-08", 0),
])
def test_contacts_of_contacts_exist_only_from_the_7th_edition_to_the_twenty_measures(
    key: str, day: str, days: int,
) -> None:
    periods = release(key).periods("contact_of_contact", date.fromisoformat(day), counted_from=date.fromisoformat(day))

    assert sum((one.last_day - one.first_day).days + 1 for one in periods) == days


@pytest.mark.parametrize(("key", "day", "levels"), [
    ("cn-2020-v5", "2020-02-21", ("high", "medium", "low")), ("cn-2021-v8", "2021-08-01", ("high", "medium", "low")),
    ("cn-2022-v9", "2022-11-10", ("high", "medium", "low")), ("cn-2022-20", "2022-11-11", ("high", "low")),
    ("cn-2022-10", "2022-12-07", ("high", "low")), ("cn-2023-b", "2023-01-08", ()),
])
def test_medium_risk_ends_with_the_twenty_measures_and_every_risk_area_with_class_b(
    key: str, day: str, levels: tuple[str, ...],
) -> None:
    assert release(key).value("risk_area.levels", date.fromisoformat(day)) == levels


@pytest.mark.parametrize(("key", "day", "days"), [
    ("cn-2020-v5", "2020-02-21", 2), ("cn-2021-v8", "2022-04-16", 2), ("cn-sh-2022-04", "2022-04-16", 4),
    ("cn-2022-v9", "2022-06-28", 2), ("cn-2022-20", "2022-11-11", 2), ("cn-2022-10", "2022-12-07", 2),
])
def test_the_country_looks_back_two_days_and_shanghai_looked_back_four(key: str, day: str, days: int) -> None:
    assert answer(key, "contacts.lookback_days", day) == days


def test_home_monitoring_and_home_isolation_are_not_the_same() -> None:
    v9 = answer("cn-2022-v9", "control.close_contact", "2022-11-10", last_exposed_on="2022-11-09")
    twenty = answer("cn-2022-20", "control.close_contact", "2022-11-11", last_exposed_on="2022-11-09")

    assert (v9[1]["mode"], twenty[1]["mode"]) == ("home_monitoring", "home_isolation")


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.key)
def test_every_pack_says_whom_to_remind_first_the_person_then_further_and_further_up(pack: Pack) -> None:
    steps: Any = release(pack.key).value("reminder.escalation", pack.first_day)

    assert [step.to for step in steps] == ["person", "team_leader", "prevention_officer", "grid_leader"]
    assert [step.after_minutes for step in steps] == [0, 30, 60, 120]


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.key)
def test_no_document_number_is_cited(pack: Pack) -> None:
    """Numbers of documents could not be verified, so none ships as a fact."""
    for path in (policy.PACKS / pack.key).rglob("*.yaml"):
        assert "〔" not in path.read_text(), path


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.key)
def test_every_duty_of_a_pack_names_evidence_that_the_house_knows(pack: Pack) -> None:
    known = {
        "person": {"health_report", "temperature", "antigen", "specimen", "vaccination", "training"},
        "place": {"disinfection"},
        "unit": {"drill", "hygiene_check", "standing_water", "waste_transfer", "returnee_list"},
    }

    for rule in read_rules(policy.PACKS, pack).values():
        assert not isinstance(rule, Duty) or rule.evidence in known[rule.subject], rule.key


def test_two_tests_a_day_in_shanghai_become_tests_by_area_with_the_second_edition() -> None:
    def owed(day: str, area: str) -> dict[str, str]:
        duties = release("cn-sh-2022-04").duties_on(date.fromisoformat(day))
        facts: Any = {"status": "on_duty", "area": area, "key_post": False}
        return {duty.key: duty.cadence.days.kind for duty in duties
                if duty.evidence in ("antigen", "specimen") and duty.who.matches(facts)}

    antigen = {"antigen_in_the_morning": "every_day"}
    assert owed("2022-05-02", "precaution") == {**antigen, "specimen_in_the_evening": "every_day"}
    assert owed("2022-05-03", "") == {**antigen, "specimen_in_the_evening": "every_day"}
    assert owed("2022-05-03", "sealed") == {**antigen, "specimen_in_sealed_area": "every_day"}
    assert owed("2022-05-03", "controlled") == {**antigen, "specimen_in_controlled_area": "within_days"}
    assert owed("2022-05-03", "precaution") == {**antigen, "specimen_in_precaution_area": "within_days"}


def test_whoever_works_from_home_owes_no_test_on_the_site_but_still_reports() -> None:
    on_site = {duty.key: duty.on_site for duty in release("cn-sh-2022-04").duties_on(date(2022, 5, 19))}

    assert on_site["antigen_in_the_morning"]
    assert on_site["specimen_in_the_evening"]
    assert not on_site["health_report"]


def test_a_key_enterprise_and_a_closed_loop_are_screened_more_often_until_the_ten_measures() -> None:
    def owed(key: str, day: str, **facts: str) -> list[str]:
        return [duty.key for duty in release(key).duties_on(date.fromisoformat(day))
                if duty.evidence == "specimen" and duty.who.matches({"status": "on_duty", **facts})]

    assert owed("cn-2022-20", "2022-11-12", risk="ordinary", regime="open") == []
    assert owed("cn-2022-20", "2022-11-12", risk="key", regime="open") == ["specimen_in_key_enterprises"]
    assert owed("cn-2022-20", "2022-11-12", risk="key", regime="closed_loop", area="high") == [
        "specimen_in_closed_loop", "specimen_in_key_enterprises", "specimen_in_risk_areas"]
    assert owed("cn-2022-10", "2022-12-07", risk="key", regime="closed_loop") == []
    assert owed("cn-2022-10", "2022-12-07", area="high") == ["specimen_in_risk_areas"]


def test_alcohol_is_refused_against_norovirus_and_accepted_against_influenza() -> None:
    def accepted(key: str, use: str) -> list[str]:
        rows: Any = release(key).value("disinfection.agents", LAST)
        return [row.agent for row in rows if row.use == use and row.accepted]

    assert accepted("cn-noro", "surfaces") == ["chlorine"]
    assert accepted("cn-flu-work", "surfaces") == ["chlorine", "alcohol"]
    note = release("cn-noro").in_force("disinfection.agents", LAST).note
    assert note is not None
    assert "酒精" in note.zh_hans


@pytest.mark.parametrize(("index", "colour"), [("4.9", "green"), ("5", "yellow"), ("10", "orange"), ("20", "red")])
def test_the_breteau_index_of_a_survey_has_a_colour(index: str, colour: str) -> None:
    assert answer("cn-chik-2025", "breteau.bands", "2025-08-20", index=index) == colour


def test_only_the_assumption_stands_where_no_document_was_found() -> None:
    """What parks did is never shown as if a document had asked for it."""
    for key in ("duties.hygiene_check", "duties.returnee_list", "duties.drill", "duties.vaccination_of_key_posts"):
        for one in release("cn-2022-v9").rule(key).values:
            assert isinstance(one, Dated)
            assert (one.basis.references, one.basis.assumption is not None) == ((), True)


@pytest.mark.parametrize(("key", "day", "phases"), [
    ("cn-2021-v8", "2022-06-27", [("central_quarantine", 7), ("home_monitoring", 7)]),
    ("cn-2022-v9", "2022-06-28", [("home_isolation", 7)]), ("cn-2022-20", "2022-11-11", [("home_monitoring", 5)]),
    ("cn-2022-10", "2022-12-07", [("home_monitoring", 5)]), ("cn-2023-b", "2023-01-08", [])])
def test_key_posts_that_leave_a_closed_loop_were_held_less_and_less(key: str, day: str, phases: list[tuple[str, int]]) -> None:
    found = release(key).periods("key_post", date.fromisoformat(day), counted_from=date(2022, 6, 1))

    assert [(each.mode, (each.last_day - each.first_day).days + 1) for each in found] == phases


def test_what_is_left_open_on_purpose_is_refused_with_its_reason_and_the_same_code() -> None:
    with pytest.raises(NotInForce) as refused:
        release("cn-2021-v8").ask("control.high_risk_area", day=date(2022, 1, 12), given={"left_on": "2022-01-10"})

    assert refused.value.code == "policy.not_in_force"
    assert "open on purpose" in str(refused.value)
    assert "不作规定" in str(refused.value)
