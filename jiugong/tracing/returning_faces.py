"""From returnees and what the rules say of them to what pages, workbooks and programs show."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiugong.registry.models import Park, Posting, holds_on
from jiugong.tracing.logic.returning import Judged
from jiugong.tracing.models import Stay
from jiugong.tracing.queries.returnees import Judge, Returnee
from jiugong.tracing.words import RiskLevel, VerdictWord

VERDICT_STATES = {"on_post": "done", "test_first": "missing", "controlled": "held"}


def returnee_rows(returnees: Iterable[Returnee], park: Park, day: date) -> list[dict[str, Any]]:
    """Each returnee with where he works, where he was, what the rules say and what was decided."""
    listed = list(returnees)
    people = [each.person.pk for each in listed if each.person]
    judge = Judge(park, day, people)
    postings = Posting.objects.filter(holds_on(day), park=park, person__in=people).select_related("unit", "enterprise")
    posted = {posting.person_id: posting for posting in postings}
    return [_row(each, judge.of(each), posted, park) for each in listed]


def _row(each: Returnee, judged: Judged, posted: Mapping[int, Posting], park: Park) -> dict[str, Any]:
    posting = posted.get(each.person.pk) if each.person else None
    decided = each.decided if each.state == "decided" else None
    return {
        "name": each.name, "uid": each.person.uid if each.person else None,
        "unit": " · ".join(dict.fromkeys((posting.enterprise.name, posting.unit.name))) if posting else "",
        "origin": each.origin, "arriving_on": str(each.arriving_on or ""), "state": each.state,
        "stays": "；".join(stay_in_words(stay) for stay in each.stays), "verdict": decided.outcome if decided else "",
        "word": verdict_in_words(decided.outcome) if decided else _("to be decided") if each.stays else _("to be asked"),
        "proposed": judged.verdict.value if judged.verdict else "",
        "proposed_word": verdict_in_words(judged.verdict.value) if judged.verdict else "",
        "chip": VERDICT_STATES.get(decided.outcome if decided else "", "late" if each.stays else "missing"),
        "because": [sentence_of(fact) for fact in (decided.because if decided else judged.because)],
        "reason": decided.reason if decided else "", "by": decided.decided_by_name if decided else "",
        "until": str(judged.until or ""),
        "url": reverse("returning-one", args=[park.uid, each.person.uid]) if each.person else ""}


def verdict_in_words(verdict: str) -> str:
    return str(VerdictWord(verdict).label) if verdict in VerdictWord.values else ""


def stay_in_words(stay: Stay) -> str:
    """Where, and from when to when: one day is written once."""
    days = str(stay.last_day)[5:] if stay.first_day == stay.last_day else f"{str(stay.first_day)[5:]}–{str(stay.last_day)[5:]}"
    return f"{stay.area} {days}"


def sentence_of(fact: Mapping[str, Any]) -> str:
    """One fact behind a verdict, in the reader's language."""
    told = {"area": fact.get("area", ""), "stay": fact.get("stay", ""), "left_on": fact.get("left_on", ""),
            "level": str(RiskLevel(fact["level"]).label) if fact.get("level") in RiskLevel.values else "",
            "until": fact.get("until", "")}
    if fact["fact"] == "inside" and fact.get("says") == "controlled":
        return _("%(stay)s lies in %(area)s (%(level)s); left on %(left_on)s, controlled until %(until)s.") % told
    if fact["fact"] == "inside" and fact.get("says") == "test_first":
        tests = fact.get("tests") or (0, 0)
        return _("%(stay)s lies in %(area)s (%(level)s); left on %(left_on)s: %(tests)s tests in %(days)s days.") % {
            **told, "tests": tests[0], "days": tests[1]}
    if fact["fact"] == "inside":
        return _("%(stay)s lies in %(area)s (%(level)s); left on %(left_on)s: the rules of the day ask for nothing.") % told
    if fact["fact"] == "around":
        return _("%(stay)s is told roughly: %(area)s (%(level)s) lies in it. Ask where exactly.") % told
    return {"case": _("He is a case, confirmed or suspected."), "contact": _("He is a contact of a case."),
            "order": _("An order over him stands."), "flagged": _("Another place has flagged him.")}.get(fact["fact"], "")


def as_data(row: Mapping[str, Any]) -> dict[str, Any]:
    """A returnee as programs read him."""
    keys = ("name", "uid", "unit", "origin", "arriving_on", "state", "stays", "verdict", "proposed", "because", "reason", "by",
            "until")
    return {key: row[key] for key in keys}
