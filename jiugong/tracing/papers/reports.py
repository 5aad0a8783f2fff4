"""First, follow-up and final reports of an incident, filled from rows: every figure as of the moment at which it is made."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from jiugong.journal.words import actor_in_words
from jiugong.lib import clock, days, papers
from jiugong.lib.acting import Actor, looked
from jiugong.lib.word_papers import add_table, content_of, new_book
from jiugong.tracing.chain_faces import GROUP_WORDS, RETEST_LOOKS, ground_words, window_in_words
from jiugong.tracing.faces import span
from jiugong.tracing.models import Incident
from jiugong.tracing.queries.incidents import Tick
from jiugong.tracing.queries.reporting import Reported, reported
from jiugong.tracing.report_models import ReportKind
from jiugong.tracing.sentences import ended_in_words
from jiugong.tracing.words import Authority, CaseStageWord, ContactClass, FoundBy, OrderKind, StepKind

TEMPLATE = Path(__file__).with_name("report.typ")
MADE = "made a report of an incident"
FORMS = ("pdf", "docx")
EARLY_WORDS = {"prevented": gettext_lazy("Prevented early"), "found": gettext_lazy("Found early"),
               "reported": gettext_lazy("Reported early"), "isolated": gettext_lazy("Isolated early"),
               "treated": gettext_lazy("Treated early")}


def report_of(incident: Incident, kind: ReportKind, form: str, *, actor: Actor) -> bytes:
    """A report as PDF or Word, in the reader's language; the look is journalled. Raises NotAllowed."""
    found = reported(actor, incident)
    looked(actor=actor, park_id=incident.park_id, fields=("list",), reason=MADE, at=clock.now(),
           person_ids={each.who.person_id for each in found.cases if each.who.person_id})
    paper = as_data(found, kind)
    return _docx(paper) if form == "docx" else papers.pdf(TEMPLATE, paper, title=paper["title"])


def as_data(found: Reported, kind: ReportKind) -> dict[str, Any]:
    """Everything that stands on a report, in the order in which it stands there."""
    incident, park = found.incident, found.incident.park
    made = days.local(found.at, park.zone)[:16]
    follow_up = sum(1 for each in found.sent if each.kind == ReportKind.FOLLOW_UP) + 1
    parts = [_told(found), _cases(found), _contacts(found), _orders(found), _clock(found)]
    if kind is not ReportKind.FIRST:
        parts.append(_before(found))
    if kind is ReportKind.FINAL:
        parts.append(_intervals(found))
    title = str(kind.label)
    return {
        "language": "zh-hans" if (get_language() or "").startswith("zh") else "en", "park": park.name, "title": title,
        "subtitle": " · ".join([park.name, _("Incident %(number)s") % {"number": incident.number},
                                *([_("No. %(number)s") % {"number": follow_up}] if kind is ReportKind.FOLLOW_UP else []),
                                _("as of %(at)s") % {"at": made}]),
        "marks": [_("DRILL: this restricts nobody.")] if incident.drill_id else [],
        "foot": f"{park.name} · {_('Incident %(number)s') % {'number': incident.number}} · {title} · {made}",
        "made": made, "parts": [part for part in parts if part["lines"] or part["rows"]]}


def _part(heading: str, lines: list[str], head: list[str] | None = None, rows: list[list[str]] | None = None,
          numbers: tuple[int, ...] = ()) -> dict[str, Any]:
    return {"heading": heading, "lines": lines, "head": head or [], "rows": rows or [], "numbers": list(numbers)}


def _told(found: Reported) -> dict[str, Any]:
    incident, at = found.incident, found.incident.park.zone
    lines = [_("The park was told on %(at)s. Found by: %(how)s.") % {
        "at": days.local(incident.told_at, at)[:16], "how": FoundBy(incident.found_by).label}]
    if incident.tube:
        lines.append(_("Tube %(tube)s, %(unit)s, sampled on %(at)s.") % {
            "tube": incident.tube, "unit": incident.unit or "–",
            "at": days.local(incident.sampled_at, at)[:16] if incident.sampled_at else "–"})
    if found.members:
        retests = "、".join(f"{RETEST_LOOKS[value][1]} {count}" for value, count in sorted(found.members.items()))
        lines.append(_("People in the tube: %(count)s. Single retests: %(retests)s.") % {
            "count": sum(found.members.values()), "retests": retests})
    lines.append(_("Rules: %(release)s.") % {"release": incident.release or _("no release adopted")})
    if incident.closed_at:
        lines.append(_("Closed on %(at)s: %(because)s.") % {
            "at": days.local(incident.closed_at, at)[:16], "because": ended_in_words(incident.closed_because)})
    return _part(_("How it was found"), lines)


def _cases(found: Reported) -> dict[str, Any]:
    zone = found.incident.park.zone
    rows = [[each.who.name or _("Not on the roster"), each.who.masked_id, str(CaseStageWord(each.stage).label),
             days.local(each.sampled_at, zone)[:16], str(each.onset_on or "–"),
             f"{days.local(each.since, zone)[:16]} – {days.local(each.until, zone)[:16]}", window_in_words(each)]
            for each in found.cases]
    return _part(_("Cases"), [] if rows else [_("No case is known yet.")], [
        _("Name"), _("ID number"), _("Stage"), _("Sampled"), _("Onset"), _("Window"), _("Counted from")], rows)


def _contacts(found: Reported) -> dict[str, Any]:
    words = ground_words(found.incident)
    lines = ["、".join(f"{each.label} {found.classes[each.value]}" for each in ContactClass if found.classes.get(each.value))
             or _("No contact is known yet.")]
    return _part(_("Contacts"), lines, [_("Ground"), _("People")], [
        [words.get(ground, ground), f"{people:,}"] for ground, people in found.grounds.items()], (1,))


def _orders(found: Reported) -> dict[str, Any]:
    rows = [[str(OrderKind(kind).label), *(f"{counted[group]:,}" for group in GROUP_WORDS)]
            for kind, counted in found.orders.items()]
    return _part(_("Measures"), [] if rows else [_("No measure was proposed yet.")], [
        _("Measure"), *(str(word) for _look, word in GROUP_WORDS.values())], rows, tuple(range(1, len(GROUP_WORDS) + 1)))


def _clock(found: Reported) -> dict[str, Any]:
    late = [tick for tick in found.ticks if tick.is_late]
    said = "、".join(str(StepKind(tick.step.kind).label) for tick in late)
    return _part(_("The clock"), [_("Late: %(steps)s.") % {"steps": said} if late else _("Nothing is late.")], [
        _("Step"), _("Begun"), _("Due"), _("Done"), _("By"), _("Law or practice")], [_step(tick, found) for tick in found.ticks])


def _step(tick: Tick, found: Reported) -> list[str]:
    step, zone = tick.step, found.incident.park.zone
    begun, due, met = (days.local(at, zone)[5:16] if at else "–" for at in (step.started_at, step.due_at, step.met_at))
    by = actor_in_words(step.met_by, step.met_by_name) if step.met_by else str(step.owner or "")
    late = f" ({_('late')})" if tick.is_late else ""
    return [str(StepKind(step.kind).label), begun, due, f"{met}{late}", by,
            str(Authority(step.authority).label) if step.authority else ""]


def _before(found: Reported) -> dict[str, Any]:
    zone = found.incident.park.zone
    return _part(_("Reports sent before"), [], [_("Report"), _("Sent"), _("To"), _("By")], [
        [str(ReportKind(each.kind).label), days.local(each.sent_at, zone)[:16], each.sent_to,
         actor_in_words(each.sent_by, each.sent_by_name)] for each in found.sent])


def _intervals(found: Reported) -> dict[str, Any]:
    return _part(_("The five earlies"), [], [_("Interval"), _("It took")], [
        [str(word), span(timedelta(minutes=minutes)) if (minutes := found.earlies[name]) is not None else _("not known")]
        for name, word in EARLY_WORDS.items()], (1,))


def _docx(paper: dict[str, Any]) -> bytes:
    """The same as a Word file, to be written on."""
    is_chinese = paper["language"] == "zh-hans"
    book = new_book(title=paper["title"], author=paper["park"], is_chinese=is_chinese)
    book.add_paragraph(paper["title"], style="Title")
    book.add_paragraph(paper["subtitle"], style="Subtitle")
    for line in paper["marks"]:
        book.add_paragraph(line, style="Subtitle")
    for part in paper["parts"]:
        book.add_paragraph(part["heading"], style="Heading 1")
        for line in part["lines"]:
            book.add_paragraph(line, style="Body Text" if is_chinese else "Normal")
        if part["rows"]:
            add_table(book, part["head"], part["rows"], numbers=part["numbers"])
    for text in ("", paper["park"], paper["made"]):
        book.add_paragraph(text, style="Signature")
    return content_of(book)
