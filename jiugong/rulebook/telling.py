"""Judgements, moves and cases in plain words, in the language of the reader."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from jiugong.policy import Release
from jiugong.policy.cases import Case
from jiugong.policy.packs import AnyRule
from jiugong.policy.plain import plain
from jiugong.rulebook.logic.strictness import Aspect, Judgement, Side
from jiugong.rulebook.queries.impact import Change
from jiugong.rulebook.queries.supplements import Compared
from jiugong.rulebook.wording import FACTS, MODES, Said, said_of, spoken, word

SIDES = {Side.STRICTER: _("stricter than the national rule"), Side.MILDER: _("milder than the national rule"),
         Side.SAME: _("asks the same as the national rule"), Side.UNCLEAR: _("cannot be judged as a whole")}
ASPECTS = {
    (Aspect.HOW_OFTEN, Side.STRICTER): _("more often"), (Aspect.HOW_OFTEN, Side.MILDER): _("less often"),
    (Aspect.TIME, Side.STRICTER): _("less time to do it"), (Aspect.TIME, Side.MILDER): _("more time to do it"),
    (Aspect.WHOM, Side.STRICTER): _("more people"), (Aspect.WHOM, Side.MILDER): _("fewer people"),
    (Aspect.DAYS, Side.STRICTER): _("more days"), (Aspect.DAYS, Side.MILDER): _("fewer days"),
    (Aspect.MODE, Side.STRICTER): _("in a harder way"), (Aspect.MODE, Side.MILDER): _("in a milder way"),
    (Aspect.TESTS, Side.STRICTER): _("more tests"), (Aspect.TESTS, Side.MILDER): _("fewer tests"),
    (Aspect.PLACES, Side.STRICTER): _("in more places"), (Aspect.PLACES, Side.MILDER): _("in fewer places"),
    (Aspect.VALUE, Side.STRICTER): _("a stricter value"), (Aspect.VALUE, Side.MILDER): _("a milder value"),
    (Aspect.NEW, Side.STRICTER): _("the national rules do not ask for it"),
}
UNCLEAR = {Aspect.HOW_OFTEN: _("how often: not comparable"), Aspect.TIME: _("at other hours: not comparable"),
           Aspect.WHOM: _("other people: not comparable"), Aspect.EVIDENCE: _("another kind of evidence: not comparable"),
           Aspect.MODE: _("in another way: not comparable"), Aspect.PLACES: _("in other places: not comparable"),
           Aspect.VALUE: _("another value: not comparable"), Aspect.NEW: _("the national rules say nothing of it")}
NO_ANSWER = {"policy.not_in_force": _("No answer: on these days nothing is said about it"),
             "policy.fact_missing": _("No answer: a fact is missing"),
             "policy.fact_unreadable": _("No answer: a fact cannot be read"),
             "policy.unknown_question": _("No answer: there is no such rule")}
GIVEN = {"last_exposed_on": _("last exposed on"), "entered_on": _("entered the country on"), "left_on": _("left on"),
         "found_positive_on": _("found positive on"), "fell_ill_on": _("fell ill on"), "index": _("index"),
         "fever_gone_on": _("without fever since"), "symptoms_ended_on": _("symptoms ended on")}
REASONS = {
    "release": _("another release holds"), "supplement": _("a local rule"), "regime": _("regime of the enterprise"),
    "risk": _("risk of the enterprise"), "area": _("area level"), "came": _("new on the roster"),
    "left": _("left the roster"), "enterprise": _("another enterprise"), "status": _("status"), "post": _("post"),
    "key_post": _("key post"), "shift": _("shift"), "arrived_on": _("day of arrival"),
    "in_dormitory": _("lives in a dormitory"), "posting": _("another posting"),
}
CHANGED = {"added": _("new"), "removed": _("no longer"), "changed": _("changed")}


def judgement_in_words(judgement: Judgement) -> str:
    """Stricter or not, and in what: `stricter than the national rule: more often, more people`."""
    aspects = [str(ASPECTS.get((aspect, side)) or UNCLEAR.get(aspect) or aspect) for aspect, side in judgement.aspects]
    whole = str(SIDES[judgement.whole])
    return gettext("%(whole)s: %(aspects)s") % {"whole": whole, "aspects": listed(aspects)} if aspects else whole


def beside(compared: Compared) -> dict[str, Any]:
    """A local rule and the national one side by side, as pages and the brief show them."""
    national = compared.national
    local = said_of(compared.rule, compared.local)
    return {"supplement": compared.supplement, "title": spoken(compared.rule.title), "key": compared.supplement.key,
            "local": local, "national": said_of(national.rule, national.dated) if national else None,
            "side": compared.judgement.whole.value, "is_stricter": compared.is_stricter,
            "judgement": judgement_in_words(compared.judgement)}


def change_in_words(change: Change) -> dict[str, Any]:
    """A rule that changes: both values, each with what it rests on."""
    sides: dict[str, Said | None] = {
        name: said_of(side.rule, side.dated) if side else None for name, side in
        (("before", change.before), ("after", change.after))}
    return {"key": change.key, "title": spoken(change.rule.rule.title), "kind": change.kind,
            "kind_words": str(CHANGED[change.kind]), **sides}


def reasons_in_words(because: Iterable[str]) -> str:
    """Why somebody moved."""
    return listed(str(REASONS.get(each, each)) for each in because)


def case_in_words(case: Case, release: Release) -> dict[str, Any]:
    """A case of a pack as people read it: what is asked, of whom, and what must come out.

    The names of cases are written in English, for those who keep the packs; whoever reads another language sees the rest.
    """
    rule = release.rules.get(case.ask)
    named = GIVEN | FACTS
    given = [f"{named.get(fact, fact)}: {_said(found)}" for fact, found in case.given.items()]
    if case.expect_refused:
        expected = str(NO_ANSWER.get(case.expect_refused, case.expect_refused))
    elif rule and (said := _as_the_rule_says(case, rule)):
        expected = said
    elif case.expect == []:
        expected = gettext("Nothing")
    elif isinstance(case.expect, list):
        expected = listed((_said(each) for each in case.expect), between=gettext("; then "))
    else:
        expected = _said(case.expect)
    english = (get_language() or "en").startswith("en")
    return {"name": case.name if english else "", "days": listed(map(str, case.days)), "key": case.ask,
            "ask": spoken(rule.title) if rule else case.ask, "given": listed(given), "expected": expected}


def _as_the_rule_says(case: Case, rule: AnyRule) -> str:
    """A value in the words of its rule, where the rule holds what the case expects; nothing for what must be worked out."""
    dated = rule.on(case.days[0])
    if dated is None or case.given or plain(dated.value) != case.expect:
        return ""
    return said_of(rule, dated).text


def listed(parts: Iterable[object], *, between: str | None = None) -> str:
    """Several things in one line."""
    return (gettext(", ") if between is None else between).join(str(part) for part in parts)


def _said(value: Any) -> str:
    """A plain value of a case: a window, a stretch of control, a word or a number."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, dict) and {"from", "until"} <= set(value):
        since = gettext(" (since %(day)s)") % {"day": value["since"]} if "since" in value else ""
        return f"{value['from']}–{value['until']}{since}"
    if isinstance(value, dict) and {"mode", "first_day", "last_day"} <= set(value):
        tests = gettext(", tests on %(days)s") % {"days": listed(value["tests_on"])} if value.get("tests_on") else ""
        return f"{MODES.get(value['mode'], value['mode'])} {value['first_day']}–{value['last_day']}{tests}"
    if isinstance(value, dict):
        return listed(f"{key}: {_said(each)}" for key, each in value.items())
    if isinstance(value, list):
        return listed(map(_said, value))
    return word(value)
