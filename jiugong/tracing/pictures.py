"""What the pictures of an incident show, as plain rows: who met whom, cases by day, the timeline of each case.

Each picture stands beside a table with the same rows; what is too long for a page is cut there and said, and whole in the export.
"""

from collections import Counter
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from jiugong.lib import days
from jiugong.tracing.exports import People
from jiugong.tracing.models import Case, Contact
from jiugong.tracing.stages import STANDING_CASES, CaseStage
from jiugong.tracing.words import CaseStageWord, ContactClass, StepKind

MOST_LEAVES = 60                             # contacts of one class that the tree names; more are one number
MOST_ROWS = 200                              # lines of the table beside the tree


def pictures_of(found: People) -> dict[str, Any]:
    """The three pictures of an incident, with the words of their axes."""
    return {"tree": tree(found), "curve": curve(found), "timeline": timeline(found)}


# the tree ---------------------------------------------------------------------------------------------------------------

def tree(found: People) -> dict[str, Any]:
    """The incident, its cases under who infected them, and under each case his contacts by class."""
    below: dict[int | None, list[Case]] = {}
    for case in found.cases:
        below.setdefault(case.infector_id, []).append(case)
    met: dict[int, dict[str, list[Contact]]] = {}
    for contact in found.contacts:
        met.setdefault(contact.case_id, {}).setdefault(contact.contact_class, []).append(contact)
    return {"name": _("Incident %(number)s") % {"number": found.incident.number}, "kind": "incident",
            "children": [_case_node(each, below, met, found) for each in below.get(None, [])]}


def _case_node(case: Case, below: dict[int | None, list[Case]], met: dict[int, dict[str, list[Contact]]],
               found: People) -> dict[str, Any]:
    children = [_case_node(each, below, met, found) for each in below.get(case.pk, [])]
    for each in ContactClass:
        people = met.get(case.pk, {}).get(each.value, [])
        if people:
            children.append({"name": f"{each.label} {len(people):,}", "kind": each.value, "children": [
                {"name": found.called[contact.who_id], "kind": each.value} for contact in people]
                if len(people) <= MOST_LEAVES else []})
    return {"name": found.called[case.who_id], "kind": case.stage, "children": children}


def tree_rows(found: People) -> list[dict[str, str]]:
    """The same as lines: who, from whom, as what, first and last exposure."""
    zone = found.incident.park.zone
    rows = [{"who": found.called[each.who_id], "from": found.called[each.infector.who_id] if each.infector else "–",
             "as": str(CaseStageWord(each.stage).label), "first": days.local(each.since, zone)[5:16],
             "last": days.local(each.until, zone)[5:16]} for each in found.cases]
    rows += [{"who": found.called[each.who_id], "from": found.called[(each.through or each.case).who_id],
              "as": str(ContactClass(each.contact_class).label), "first": days.local(each.first_at, zone)[5:16],
              "last": days.local(each.last_at, zone)[5:16]} for each in found.contacts[:MOST_ROWS]]
    return rows


# the curve --------------------------------------------------------------------------------------------------------------

def curve(found: People) -> dict[str, Any]:
    """Cases by day of onset, or of the sample where no onset is known; ruled out and contaminated samples are none."""
    counted = Counter((_day(each, found), "confirmed" if each.stage == CaseStage.RECOVERED else each.stage) for each in found.cases
                      if each.stage in (*STANDING_CASES, CaseStage.RECOVERED))
    if not counted:
        return {"days": [], "suspected": [], "confirmed": []}
    first, last = min(day for day, _stage in counted), max(day for day, _stage in counted)
    listed = list(days.each(first, last))
    return {"days": [str(day) for day in listed],
            **{stage: [counted[day, stage] for day in listed] for stage in ("suspected", "confirmed")}}


def _day(case: Case, found: People) -> date:
    return case.onset_on or days.day_of(case.sampled_at, found.incident.park.zone)


def curve_rows(found: People) -> list[dict[str, Any]]:
    drawn = curve(found)
    return [{"day": day, "suspected": suspected, "confirmed": confirmed} for day, suspected, confirmed in zip(
        drawn["days"], drawn["suspected"], drawn["confirmed"], strict=True)]


# the timelines ----------------------------------------------------------------------------------------------------------

def timeline(found: People) -> list[dict[str, Any]]:
    """Each case: the window in which others met him, and what happened when."""
    zone = found.incident.park.zone
    return [{"name": found.called[each.who_id], "stage": each.stage, "since": _local(each.since, zone),
             "until": _local(each.until, zone),
             "events": [{"kind": kind, "word": word, "at": _local(at, zone)} for kind, word, at in _events(each, found)]}
            for each in found.cases]


def _events(case: Case, found: People) -> list[tuple[str, str, datetime]]:
    """What happened to a case and around him, in order."""
    incident = found.incident
    member = found.members.get(case.who_id)
    told: list[tuple[str, str, datetime | None]] = [
        ("negative", _("last negative sample"), member.last_negative_at if member else None),
        ("sampled", _("sampled"), case.sampled_at), ("told", _("the park was told"), incident.told_at),
        ("retested", _("single retest known"), member.retest_reported_at if member else None),
        ("decided", str(CaseStageWord(case.stage).label), case.decided_at),
        ("sent", _("handed over for treatment"), found.handed.get(case.who_id)),
        ("controlled", str(StepKind.CONTROLLED.label), found.controlled_at)]
    if case.onset_on:
        told.append(("onset", _("first symptoms"), days.bounds(case.onset_on, incident.park.zone)[0]))
    return sorted([(kind, word, at) for kind, word, at in told if at], key=lambda each: each[2])


def timeline_rows(found: People) -> list[dict[str, str]]:
    rows = []
    for each in timeline(found):
        rows.append({"who": each["name"], "what": _("window"), "at": f"{_short(each['since'])} – {_short(each['until'])}"})
        rows += [{"who": each["name"], "what": event["word"], "at": _short(event["at"])} for event in each["events"]]
    return rows


def _local(at: datetime, zone: Any) -> str:
    """A moment on the park's clock, as a picture's axis takes it."""
    return days.local(at, zone)[:19].replace(" ", "T")


def _short(at: str) -> str:
    return at.replace("T", " ")[5:16]

