"""Every kind of evidence: what it must say, what it is worth, and what to do about a value out of range."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from jiugong.duties.logic import KINDS, Misshapen, advice
from jiugong.duties.logic.cleaning import Log, doubts, strength, working
from jiugong.duties.logic.learning import role_of
from jiugong.duties.logic.returnees import delta
from jiugong.duties.sentences import ADVICE, PROBLEMS, WRONG, advice_in_words, wrong_in_words
from jiugong.policy import Agent

pytestmark = pytest.mark.pure
NOROVIRUS = {"disinfection.agents": (
    Agent(agent="alcohol", use="surfaces", accepted=False),
    Agent(agent="chlorine", use="surfaces", accepted=True, at_least=Decimal(1000), unit="mg_per_litre", minutes=30),
    Agent(agent="chlorine", use="vomit", accepted=True, at_least=Decimal(5000), at_most=Decimal(10000), unit="mg_per_litre",
          minutes=30))}
LIFT: dict[str, Any] = {"agent": "chlorine", "concentration": 1000, "contact_minutes": 30, "way": "wipe", "operator": "王保洁",
                        "what": "电梯"}
COURSE: dict[str, Any] = {"course": "防疫专员培训", "held_on": "2022-04-15", "valid_until": "2022-09-16"}
DRILL: dict[str, Any] = {"title": "阳性处置", "class": "full", "level": "enterprise", "held_on": "2022-07-01", "participants": 40}
WASTE: dict[str, Any] = {"kg": 12.5, "kind": "protective", "from": "隔离点", "carrier": "洁源", "received_by": "王某"}
HANDS: dict[str, Any] = {"seen": 20, "masks_right": 20, "hands_washed": 20}
RETURNEE: dict[str, Any] = {"name": "李四", "from": "上海", "arriving_on": "2022-07-25", "by": "G1234"}


def read(kind: str, data: Any, rules: Any = None) -> Any:
    return KINDS[kind].read(data, rules or {})


def refused(kind: str, data: Any, rules: Any = None) -> Misshapen:
    with pytest.raises(Misshapen) as reason:
        read(kind, data, rules)
    assert wrong_in_words(reason.value)
    return reason.value


@pytest.mark.parametrize(("temperature", "codes"), [
    (34.9, ["too_cold"]), (35.0, []), (36.5, []), (37.2, []), (37.3, ["fever"]), (37.4, ["fever"]), (43.0, ["fever"])])
def test_a_fever_begins_at_37_3_and_says_what_to_do(temperature: float, codes: list[str]) -> None:
    told = advice("temperature", read("temperature", {"temperature": temperature}).data, {})

    assert [each.code for each in told] == codes
    with translation.override("en"):
        assert all("Do not go to work" in advice_in_words(each) for each in told if each.code == "fever")


@pytest.mark.parametrize(("temperature", "fever"), [(37.4, False), (37.5, True)])
def test_a_pack_may_set_another_threshold(temperature: float, fever: bool) -> None:
    rules = {"fever_from": Decimal("37.5")}

    assert bool(advice("health_report", {"temperature": temperature, "symptoms": []}, rules)) == fever


@pytest.mark.parametrize("temperature", [33.9, 43.1, "36.5", True, None, float("nan")])
def test_a_temperature_that_no_living_person_has_is_refused(temperature: Any) -> None:
    assert refused("temperature", {"temperature": temperature}).field == "temperature"


def test_alcohol_is_refused_for_norovirus_and_the_sentence_says_what_works() -> None:
    reason = refused("disinfection", LIFT | {"agent": "alcohol", "concentration": 75, "contact_minutes": 5}, NOROVIRUS)

    assert reason.field == "agent"
    with translation.override("en"):
        sentence = wrong_in_words(reason)
    assert "Alcohol does not work" in sentence
    assert "Chlorine" in sentence
    assert "Alcohol," not in sentence.partition("use one of")[2]


def test_alcohol_works_where_the_rules_do_not_refuse_it() -> None:
    assert read("disinfection", LIFT | {"agent": "alcohol", "concentration": 75, "contact_minutes": 3}).valid


@pytest.mark.parametrize(("minutes", "counts"), [(29, False), (30, True), (31, True)])
def test_a_contact_time_below_what_the_agent_needs_is_kept_and_does_not_count(minutes: int, counts: bool) -> None:
    cleaned = read("disinfection", LIFT | {"contact_minutes": minutes})

    assert cleaned.valid == counts
    assert [each.code for each in advice("disinfection", cleaned.data, {})] == ([] if counts else ["contact_too_short"])


@pytest.mark.parametrize(("strong", "rules", "good"), [
    (249, {}, False), (250, {}, True), (20_000, {}, True), (20_001, {}, False),
    (999, NOROVIRUS, False), (1000, NOROVIRUS, True)])
def test_a_solution_too_weak_or_too_strong_is_refused(strong: float, rules: Any, good: bool) -> None:
    data = LIFT | {"concentration": strong}

    if good:
        assert read("disinfection", data, rules).data["unit"] == "mg_per_litre"
    else:
        assert refused("disinfection", data, rules).field == "concentration"


@pytest.mark.parametrize(("strong", "good"), [(4999, False), (5000, True), (10_000, True), (10_001, False)])
def test_what_is_disinfected_decides_how_strong(strong: float, good: bool) -> None:
    data = LIFT | {"use": "vomit", "concentration": strong}

    if good:
        assert read("disinfection", data, NOROVIRUS).valid
    else:
        assert refused("disinfection", data, NOROVIRUS).field == "concentration"


def test_light_has_no_concentration() -> None:
    lamp = {"agent": "ultraviolet", "contact_minutes": 30, "way": "expose", "operator": "王", "what": "更衣室"}

    assert read("disinfection", lamp).data["concentration"] is None


def test_the_agents_of_the_rules_come_first_and_useless_ones_not_at_all() -> None:
    assert working("surfaces", NOROVIRUS)[0] == "chlorine"
    assert "alcohol" not in working("surfaces", NOROVIRUS)
    assert strength("chlorine", "surfaces", NOROVIRUS).at_least == 1000


@pytest.mark.parametrize(("kind", "good", "wrong", "field"), [
    ("vaccination", {"dose": 3, "product": "灭活", "on": "2022-06-01"}, {"dose": 0}, "dose"),
    ("vaccination", {"dose": 6, "product": "灭活", "on": "2022-06-01"}, {"dose": 7}, "dose"),
    ("vaccination", {"dose": 1, "product": "灭活", "on": "2022-06-01"}, {"on": "2022-02-29"}, "on"),
    ("vaccination", {"dose": 1, "product": "灭活", "on": "2022-06-01"}, {"product": " "}, "product"),
    ("training", COURSE, {"valid_until": "2022-04-14"}, "valid_until"),
    ("training", COURSE | {"valid_until": "2022-04-15"}, {"course": ""}, "course"),
    ("training", COURSE | {"role": "sampler"}, {"role": "cook"}, "role"),
    ("drill", DRILL | {"absent": 0}, {"participants": 0}, "participants"), ("drill", DRILL, {"class": "dance"}, "class"),
    ("drill", DRILL | {"findings": "门口拥挤"}, {"level": "moon"}, "level"),
    ("hygiene_check", HANDS, {"masks_right": 21}, "masks_right"), ("hygiene_check", HANDS, {"hands_washed": 21}, "hands_washed"),
    ("hygiene_check", HANDS, {"seen": 0}, "seen"), ("hygiene_check", HANDS, {"seen": True}, "seen"),
    ("standing_water", {"spots_found": 3, "spots_cleared": 3}, {"spots_cleared": 4}, "spots_cleared"),
    ("standing_water", {"spots_found": 0, "spots_cleared": 0}, {"spots_found": -1}, "spots_found"),
    ("waste_transfer", WASTE, {"kg": None}, "kg"), ("waste_transfer", WASTE | {"kg": None, "bags": 3}, {"bags": 0}, "bags"),
    ("waste_transfer", WASTE, {"kg": -1}, "kg"), ("waste_transfer", WASTE, {"kind": "gold"}, "kind"),
    ("waste_transfer", WASTE, {"received_by": "x" * 41}, "received_by"),
    ("disinfection", LIFT, {"operator": "a\0b"}, "operator"), ("disinfection", LIFT, {"way": "sing"}, "way"),
    ("disinfection", LIFT, {"agent": "holy_water"}, "agent"), ("disinfection", LIFT, {"unit": "percent"}, "unit"),
    ("returnee_list", {"returnees": [RETURNEE]}, {"returnees": "none"}, "returnees"),
    ("returnee_list", {"returnees": []}, {"returnees": [RETURNEE | {"arriving_on": "soon"}]}, "returnees.1.arriving_on"),
    ("returnee_list", {"returnees": []}, {"returnees": [RETURNEE, RETURNEE]}, "returnees.2"),
    ("returnee_list", {"returnees": []}, {"returnees": ["李四"]}, "returnees.1")])
def test_a_kind_has_its_shape_and_says_which_field_is_wrong(kind: str, good: Any, wrong: Any, field: str) -> None:
    assert read(kind, good)
    assert refused(kind, good | wrong).field == field


@pytest.mark.parametrize(("course", "role"), [
    ("防疫专员培训", "prevention_officer"), ("扫码专员培训", "scanner"), ("采样专员培训", "sampler"), ("采样专员复训", "sampler"),
    ("消防培训", "")])
def test_a_course_says_for_which_role_it_trains(course: str, role: str) -> None:
    assert role_of(course) == role
    assert read("training", COURSE | {"course": course}).data["role"] == role


def test_a_training_without_an_end_lasts_as_long_as_the_rules_say() -> None:
    endless = COURSE | {"valid_until": ""}

    assert read("training", endless).data["valid_until"] == ""
    assert read("training", endless, {"training.valid_days": 180}).data["valid_until"] == "2022-10-12"


def test_what_names_its_own_day_happened_on_that_day() -> None:
    assert read("drill", DRILL).day == date(2022, 7, 1)
    assert read("training", COURSE).day == date(2022, 4, 15)
    assert read("temperature", {"temperature": 36.5}).day is None


# what is worth a look ------------------------------------------------------------------------------------------------

NOON = datetime(2022, 7, 22, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def a_log(pk: int, place: int, *, at: int, written: int, operator: str = "王") -> Log:
    """A log of a disinfection `at` seconds after noon, written down `written` seconds after noon."""
    return Log(pk=pk, place_id=place, operator=operator, recorded_by="user:1", happened_at=NOON + timedelta(seconds=at),
               received_at=NOON + timedelta(seconds=written))


@pytest.mark.parametrize(("seconds", "doubted"), [(0, True), (59, True), (60, False)])
def test_nobody_is_at_two_places_within_a_minute(seconds: int, doubted: bool) -> None:
    logs = [a_log(1, 1, at=0, written=0), a_log(2, 2, at=seconds, written=3600)]

    assert doubts(logs) == ({1: ("two_places",), 2: ("two_places",)} if doubted else {})


def test_two_operators_or_one_place_are_no_wonder() -> None:
    assert doubts([a_log(1, 1, at=0, written=0), a_log(2, 2, at=0, written=600, operator="李")]) == {}
    assert doubts([a_log(1, 1, at=0, written=0), a_log(2, 1, at=0, written=600)]) == {}


@pytest.mark.parametrize(("written", "doubted"), [((0, 20, 59), True), ((0, 20, 60), False), ((0, 20), False)])
def test_three_logs_of_different_hours_written_within_one_minute_are_worth_a_look(written: Any, doubted: bool) -> None:
    logs = [a_log(pk, pk, at=-3600 * pk, written=at) for pk, at in enumerate(written, start=1)]

    assert set(doubts(logs)) == ({1, 2, 3} if doubted else set())


# from one list to the next -------------------------------------------------------------------------------------------

def test_a_list_beside_the_one_before_says_who_is_new_changed_and_gone() -> None:
    before = [RETURNEE, RETURNEE | {"name": "王五"}, RETURNEE | {"name": "赵六"}]
    now = [RETURNEE, RETURNEE | {"name": "王五", "by": "自驾"}, RETURNEE | {"name": "孙七"}]

    changes = delta(before, now)

    assert [each["name"] for each in changes.new] == ["孙七"]
    assert [(was["by"], is_now["by"]) for was, is_now in changes.changed] == [("G1234", "自驾")]
    assert [each["name"] for each in changes.gone] == ["赵六"]
    assert changes.same == 1


people = st.lists(st.tuples(st.sampled_from("甲乙丙丁"), st.sampled_from(["上海", "合肥"]), st.integers(1, 28)), max_size=6,
                  unique_by=lambda each: each[:2])


@given(before=people, now=people)
def test_everybody_is_new_changed_the_same_or_gone(before: Any, now: Any) -> None:
    was, is_now = ([{"name": name, "from": origin, "arriving_on": f"2022-07-{day:02}", "by": ""} for name, origin, day in each]
                   for each in (before, now))

    changes = delta(was, is_now)

    assert len(changes.new) + len(changes.changed) + changes.same == len(is_now)
    assert len(changes.gone) + len(changes.changed) + changes.same == len(was)


def test_every_code_has_a_sentence_that_ends_without_a_gap() -> None:
    for said in (*WRONG.values(), *ADVICE.values(), *PROBLEMS.values()):
        assert str(said).strip() == str(said) != ""
