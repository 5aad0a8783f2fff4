"""What every pack says reads as words in both languages, and no stored word shows through."""

import re
from datetime import date, timedelta

import pytest
from django.utils import translation

from jiugong import policy
from jiugong.policy.packs import Pack
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
     "Everybody: status is On duty, area level is Controlled area. Owes: PCR sample, every day, unless done within 2 days, "
     "at any time of the day. Whoever works from home does not owe it."),
    ("cn-2022-v9", "duties.vaccination_of_key_posts", date(2022, 7, 22),
     "Everybody: status is On duty, key post. Owes: vaccination, once."),
    ("cn-2022-v9", "reminder.escalation", date(2022, 7, 22),
     "0 minutes after the end: the person; 30 minutes after the end: team leader; 60 minutes after the end: prevention "
     "officer; 120 minutes after the end: grid leader"),
    ("cn-flu-work", "threshold.influenza_like", date(2025, 12, 1), "10 or more within 7 days in one enterprise"),
    ("cn-chik-2025", "breteau.bands", date(2025, 8, 20), "from 0: green; from 5: yellow; from 10: orange; from 20: red"),
    ("cn-2022-v9", "antigen.read_minutes", date(2022, 7, 22), "15, 20 minutes"),
    ("cn-2022-10", "risk_area.drawn_by", date(2022, 12, 8), "Building, unit of a building, floor, household"),
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
