"""Local rules: cited, dated, in the place of the release's or beside them; the stricter ones are told."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from jiugong.accounts.queries import actor_for
from jiugong.lib.acting import NotAllowed, operator
from jiugong.policy import NotInForce
from jiugong.registry.errors import DatesOutOfOrder
from jiugong.rulebook.actions import adopt
from jiugong.rulebook.actions.supplements import end_supplement, heading_of, supplement
from jiugong.rulebook.errors import ReferenceMissing, SupplementExists, SupplementUnreadable
from jiugong.rulebook.models import Supplement
from jiugong.rulebook.queries import duties_on, release_called, stricter_supplements, value_on
from jiugong.rulebook.queries.supplements import compared_supplements
from jiugong.rulebook.tests.conftest import DOCUMENT
from tests.cast import DAY, Town

V9, A_DAY = "cn-2022-v9", timedelta(days=1)
pytestmark = pytest.mark.usefixtures("this_morning")


@pytest.fixture
def adopted(town: Town) -> None:
    adopt(town.park, V9, from_day=date(2022, 7, 20), actor=operator())


def replace(town: Town, key: str, value: Any, *, since: date = DAY, until: date | None = None, **document: Any) -> Supplement:
    return supplement(town.park, key, rule=heading_of(release_called(V9).rules[key]), value=value, actor=operator(),
                      since=since, until=until, **(DOCUMENT | document))


@pytest.mark.parametrize(("by", "days"), [(-1, 2), (0, 4), (1, 4), (2, 2)])
def test_a_local_value_holds_from_its_first_day_until_the_day_before_its_end(town: Town, adopted: None, by: int,
                                                                            days: int) -> None:
    replace(town, "contacts.lookback_days", "4", until=DAY + 2 * A_DAY)

    assert value_on(town.park, "contacts.lookback_days", DAY + by * A_DAY) == days


def test_a_value_without_any_release_is_the_parks_own_or_a_refusal(town: Town) -> None:
    replace(town, "fever_from", "37.0")

    assert value_on(town.park, "fever_from", DAY) == Decimal("37.0")
    with pytest.raises(NotInForce):
        value_on(town.park, "fever_from", DAY - A_DAY)


def test_a_local_duty_holds_beside_the_releases_and_one_of_its_key_takes_its_place(
        town: Town, adopted: None, a_local_duty: Callable[..., Supplement]) -> None:
    before = {duty.key: duty for duty in duties_on(town.park, DAY)}
    a_local_duty([{"fact": "status", "is": "on_duty"}])
    replace(town, "duties.antigen", {"who": [], "cadence": {"kind": "once"}})

    after = {duty.key: duty for duty in duties_on(town.park, DAY)}

    assert set(after) - set(before) == {"local_specimen"}
    assert (after["antigen"].cadence.days.kind, before["antigen"].cadence.days.kind) == ("once", "every_day")
    assert [duty.key for duty in duties_on(town.park, DAY)] == sorted(after)


def test_what_asks_more_is_told_with_both_values_and_both_documents(town: Town, adopted: None) -> None:
    replace(town, "contacts.lookback_days", "4")
    replace(town, "fever_from", "37.5")

    with translation.override("en"):
        told = stricter_supplements(town.park, DAY)

    assert [(each.key, each.national, each.local) for each in told] == [("contacts.lookback_days", "2 days", "4 days")]
    assert DOCUMENT["title"] in told[0].basis
    assert "第九版" in told[0].national_basis
    assert stricter_supplements(town.park, DAY - A_DAY) == []


def test_ended_the_national_value_holds_again_from_that_day(town: Town, adopted: None) -> None:
    given = replace(town, "contacts.lookback_days", "4")
    end_supplement(given, on=DAY + 3 * A_DAY, actor=operator())
    end_supplement(given, on=DAY + 3 * A_DAY, actor=operator())

    assert [value_on(town.park, "contacts.lookback_days", DAY + by * A_DAY) for by in (2, 3)] == [4, 2]
    with pytest.raises(DatesOutOfOrder):
        end_supplement(given, on=DAY - A_DAY, actor=operator())


def test_what_is_not_cited_cannot_be_read_or_meets_another_is_refused_and_changes_nothing(town: Town, adopted: None) -> None:
    first = replace(town, "contacts.lookback_days", "4", until=DAY + 5 * A_DAY)

    assert replace(town, "contacts.lookback_days", "4", until=DAY + 5 * A_DAY) == first
    bad: list[dict[str, Any]] = [{"title": ""}, {"issuer": " "}, {"published": "gestern"}, {"published": "2022-13"}]
    for wrong in bad:
        with pytest.raises(ReferenceMissing):
            replace(town, "fever_from", "37.0", **wrong)
    for value in ("vier", -1, [4], None):
        with pytest.raises(SupplementUnreadable):
            replace(town, "contacts.vehicle_metres", value)
    with pytest.raises(SupplementUnreadable):
        replace(town, "duties.antigen", {"who": [{"fact": "shoe_size", "is": 42}], "cadence": {"kind": "once"}})
    with pytest.raises(SupplementExists):
        replace(town, "contacts.lookback_days", "5", since=DAY + 4 * A_DAY)
    replace(town, "contacts.lookback_days", "5", since=DAY + 5 * A_DAY)          # the day on which the first has ended

    assert Supplement.objects.count() == 2


def test_only_who_adopts_policy_adds_to_it(town: Town, other_town: Town) -> None:
    for actor in (*(actor_for(town.users[name]) for name in ("tao", "fang", "zhou", "kai")), actor_for(other_town.users["ines"])):
        with pytest.raises(NotAllowed):
            supplement(town.park, "fever_from", rule={}, value="37.0", actor=actor, since=DAY, **DOCUMENT)

    assert not Supplement.objects.exists()


def test_judging_takes_as_many_questions_for_one_rule_as_for_many(
        town: Town, adopted: None, a_local_duty: Callable[..., Supplement],
        django_assert_num_queries: Callable[..., Any]) -> None:
    for at in range(21):
        a_local_duty([], key=f"duties.local_{at}")

    with django_assert_num_queries(2):
        assert len(compared_supplements(town.park, DAY)) == 21


# pages --------------------------------------------------------------------------------------------------------------

WRITTEN = {"since": "2022-07-22", **DOCUMENT}


def at(town: Town, rest: str = "") -> str:
    return f"/parks/{town.park.uid}/rules/local{rest}"


def test_lin_writes_a_longer_look_back_and_sees_it_flagged(town: Town, adopted: None, client: Client) -> None:
    client.force_login(town.users["lin"])

    client.post(at(town, "/new?rule=contacts.lookback_days"), {"said": "4", **WRITTEN})
    rules = client.get(f"/parks/{town.park.uid}/rules")

    assert value_on(town.park, "contacts.lookback_days", DAY) == 4
    assert [each["key"] for each in rules.context["stricter"]] == ["contacts.lookback_days"]
    assert DOCUMENT["title"] in rules.content.decode()


def test_lin_writes_a_duty_of_the_parks_own_in_words_and_it_is_owed(town: Town, adopted: None, client: Client) -> None:
    client.force_login(town.users["lin"])

    client.post(at(town, "/new?rule=new"), {
        "name": "重点企业隔日核酸", "evidence": "specimen", "fact_status": "on_duty", "fact_risk": "key",
        "cadence": "within_days", "number": "2", **WRITTEN})

    duty = next(each for each in duties_on(town.park, DAY) if each.key == "local_specimen")
    assert (duty.title.zh_hans, duty.cadence.days.kind, duty.on_site) == ("重点企业隔日核酸", "within_days", True)
    assert {(one.fact, one.needed) for one in duty.who.conditions} == {("status", "on_duty"), ("risk", "key")}


def test_lin_holds_close_contacts_longer(town: Town, adopted: None, client: Client) -> None:
    client.force_login(town.users["lin"])

    client.post(at(town, "/new?rule=control.close_contact"), {
        "mode_1": "central_quarantine", "days_1": "14", "tests_1": "1, 4, 7, 14", **WRITTEN})

    assert Supplement.objects.get().value == [
        {"mode": "central_quarantine", "days": 14, "tests": ["1", "4", "7", "14"]}]
    assert [each.key for each in stricter_supplements(town.park, DAY)] == []     # more days, fewer tests: shown, not judged


def test_the_same_people_more_often_keeps_the_releases_conditions(town: Town, adopted: None, client: Client) -> None:
    client.force_login(town.users["lin"])

    client.post(at(town, "/new?rule=duties.antigen"), {
        "whom": "same", "cadence": "windows_a_day", "hours": "06:00-10:00\n16:00-20:00", **WRITTEN})

    assert [each.key for each in stricter_supplements(town.park, DAY)] == ["duties.antigen"]


@pytest.mark.parametrize("wrong", [{"said": "viele"}, {"title": ""}, {"published": "morgen"}, {"until": "2022-07-21"}])
def test_what_is_wrong_in_the_form_is_said_there_and_nothing_is_kept(town: Town, adopted: None, client: Client,
                                                                    wrong: dict[str, str]) -> None:
    client.force_login(town.users["lin"])

    answer = client.post(at(town, "/new?rule=contacts.lookback_days"), {"said": "4", **WRITTEN, **wrong})

    assert answer.status_code == 422
    assert not Supplement.objects.exists()
