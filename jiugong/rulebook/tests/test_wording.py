"""What every pack says reads as words in both languages, and no stored word shows through."""

import re
from datetime import date, timedelta

import pytest
from django.utils import translation

from jiugong import policy
from jiugong.policy.cases import read_cases
from jiugong.policy.packs import Pack
from jiugong.rulebook.queries.releases import changes_in
from jiugong.rulebook.telling import case_in_words
from jiugong.rulebook.wording import EVIDENCE, FACTS, rules_of

PACKS = policy.available(policy.PACKS)
STORED = re.compile(r"\b[a-z]+(_[a-z]+)+\b")


def days_of(pack: Pack) -> list[date]:
    """The days on which a pack begins, changes one of its values, and ends."""
    release = policy.load(policy.PACKS, pack.key)
    changes = {one.first_day for rule in release.rules.values() for one in rule.values if pack.in_force_on(one.first_day)}
    return sorted({pack.first_day, *changes} | ({pack.end - timedelta(days=1)} if pack.end else set()))


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.key)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_rule_of_every_pack_reads_as_words_on_each_of_its_days(pack: Pack, language: str) -> None:
    release = policy.load(policy.PACKS, pack.key)
    with translation.override(language):
        for day in days_of(pack):
            for rule in rules_of(release, day):
                assert rule.title
                for said in rule.values:
                    assert said.text
                    assert said.references or said.assumption
                    assert not STORED.search(said.text), (rule.key, said.text)
                    assert "Decimal" not in said.text, rule.key


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.key)
def test_every_duty_of_every_pack_names_evidence_and_facts_that_have_words(pack: Pack) -> None:
    for day in days_of(pack):
        for duty in policy.load(policy.PACKS, pack.key).duties_on(day):
            assert duty.evidence in EVIDENCE
            assert {one.fact for one in duty.who.conditions} <= set(FACTS)


def in_english(pack: str, rule: str, day: date) -> str:
    with translation.override("en"):
        said = {each.key: each.current for each in rules_of(policy.load(policy.PACKS, pack), day)}[rule]
    return said.text if said else ""


@pytest.mark.parametrize(("pack", "rule", "day", "text"), [
    ("cn-sh-2022-04", "duties.specimen_in_controlled_area", date(2022, 5, 19),
     "Who: people on duty, in an area of this level: Controlled area. What: PCR sample. When: at least once in any 2 days, "
     "at any time of the day. Whoever works from home does not owe it."),
    ("cn-sh-2022-04", "duties.specimen_after_arriving", date(2022, 5, 3),
     "Who: people on duty. What: PCR sample. When: on day 1, 2, 3, counted from the day of arrival, which is day 1, 12:00–22:00. "
     "Whoever works from home does not owe it."),
    ("cn-sh-2022-04", "duties.specimen_in_the_evening", date(2022, 5, 3),
     "Who: people on duty, where no area level is on record. What: PCR sample. When: every day, 15:00–22:00. "
     "Whoever works from home does not owe it."),
    ("cn-2022-v9", "duties.returnee_list", date(2022, 7, 22),
     "Who: every enterprise. What: list of returning staff. When: on day 15, 30 of the month (in a shorter month on its last day), "
     "at any time of the day."),
    ("cn-2022-v9", "duties.training_of_key_posts", date(2022, 7, 22),
     "Who: people on duty, on a key post. What: training. When: once, and again when it has expired."),
    ("cn-chik-2025", "duties.standing_water", date(2025, 8, 1),
     "Who: every enterprise. What: standing water cleared. When: every Friday, at any time of the day."),
    ("cn-noro", "duties.disinfection_of_places", date(2025, 12, 1),
     "Who: every place of these kinds: Site, Building, Room, Commuter bus. What: disinfection. "
     "When: every day, at any time of the day."),
    ("cn-2022-v9", "control.contact_of_contact", date(2022, 7, 22),
     "isolation at home for 7 days, tests on days 1, 4, 7 (counted from the last exposure; that day is day 0)"),
    ("cn-2022-20", "control.contact_of_contact", date(2022, 11, 11), "nobody of this kind is under control"),
    ("cn-2022-v9", "duties.waste_transfer", date(2022, 7, 22),
     "Who: every enterprise, under this regime: Closed loop, Point-style. What: waste transfer. When: every day, "
     "at any time of the day."),
    ("cn-sh-2022-04", "zone.controlled_all_negative_on_day", date(2022, 4, 16), "day 6"),
    ("cn-2023-b", "risk_area.levels", date(2023, 1, 8), "none"),
    ("cn-2020-v5", "contacts.near_metres", date(2020, 2, 21), "1 metre"),
    ("cn-2020-v5", "dormitory.square_metres_each", date(2020, 2, 21), "2.5 m²"),
    ("cn-2022-v9", "duties.vaccination_of_key_posts", date(2022, 7, 22),
     "Who: people on duty, on a key post. What: vaccination. When: once."),
    ("cn-2022-v9", "reminder.escalation", date(2022, 7, 22),
     "at the end of the time: the person; 30 minutes after the end: team leader; 60 minutes after the end: prevention "
     "officer; 120 minutes after the end: grid leader"),
    ("cn-flu-work", "threshold.influenza_like", date(2025, 12, 1), "10 or more within 7 days in one enterprise"),
    ("cn-chik-2025", "breteau.bands", date(2025, 8, 20), "from 0: green; from 5: yellow; from 10: orange; from 20: red"),
    ("cn-2022-v9", "antigen.read_minutes", date(2022, 7, 22), "15–20 minutes"),
    ("cn-2022-10", "risk_area.drawn_by", date(2022, 12, 8), "building, unit of a building, floor, household"),
])
def test_what_is_new_in_the_language_of_packs_reads_well(pack: str, rule: str, day: date, text: str) -> None:
    assert in_english(pack, rule, day) == text


def test_a_disinfectant_that_is_refused_is_said_to_be() -> None:
    said = in_english("cn-noro", "disinfection.agents", date(2025, 12, 1))

    assert "alcohol for surfaces: refused" in said
    assert "chlorine disinfectant for vomit and stool: 5000–10000 mg/L, at least 30 minutes" in said


def test_a_rule_that_is_silent_on_purpose_says_so() -> None:
    with translation.override("en"):
        rules = {rule.key: rule for rule in rules_of(policy.load(policy.PACKS, "cn-2020-v5"), date(2020, 2, 21))}

    assert rules["control.inbound"].current is None
    assert [said.text for said in rules["control.inbound"].values] == ["silent on purpose: nothing is said"]


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.key)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_case_of_every_pack_reads_without_a_stored_word(pack: Pack, language: str) -> None:
    release = policy.load(policy.PACKS, pack.key)
    with translation.override(language):
        for case in read_cases(policy.PACKS, pack.key):
            said = case_in_words(case, release)
            assert said["expected"]
            assert not STORED.search(f"{said['ask']} {said['given']} {said['expected']}"), case.where
            assert "{" not in said["expected"], case.where
            assert bool(said["name"]) is (language == "en")


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.key)
def test_what_changed_in_a_pack_is_told_in_either_language(pack: Pack) -> None:
    told = {language: changes_in(language, pack.key) for language in ("en", "zh-hans")}

    assert [day for day, _lines in told["en"]] == [day for day, _lines in told["zh-hans"]]
    assert all(line.isascii() for _day, lines in told["en"] for line in lines)
    assert all(not line[0].isascii() for _day, lines in told["zh-hans"] for line in lines)


def test_a_site_among_places_is_no_building_site() -> None:
    assert "Site, Building, Room, Gate, Commuter bus" in in_english(
        "cn-2022-v9", "duties.disinfection_of_places", date(2022, 7, 22))


def test_what_a_release_ended_on_its_first_day_is_said_to_have_ended() -> None:
    with translation.override("en"):
        rules = {rule.key: rule for rule in rules_of(policy.load(policy.PACKS, "cn-2022-10"), date(2022, 12, 7))}

    assert [said.text for said in rules["duties.specimen_in_closed_loop"].values] == ["ends: nothing is said any more"]
