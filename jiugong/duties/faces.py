"""What the pages and workbooks of duties show: evidence in words, duties with their share, subjects with their names."""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiugong.duties.logic import Parameters, advice
from jiugong.duties.models import Evidence
from jiugong.duties.queries.owed import OwedDuty
from jiugong.duties.queries.subjects import Subject, subject_of
from jiugong.duties.sentences import advice_in_words, doubt_in_words
from jiugong.duties.words import ICONS, kind_in_words, word
from jiugong.lib import days
from jiugong.registry.models import Park, Person, Place, Posting, Unit
from jiugong.registry.words import PlaceKind

# of each kind: the fields that a list shows, what they are called, and which closed list their words come from
SHOWN: Mapping[str, Sequence[tuple[str, Any, str]]] = {
    "health_report": (("temperature", gettext_lazy("Temperature (°C)"), ""), ("below", gettext_lazy("Below (°C)"), ""),
                      ("symptoms", gettext_lazy("Symptoms"), "symptoms")),
    "temperature": (("temperature", gettext_lazy("Temperature (°C)"), ""),),
    "antigen": (("result", gettext_lazy("Result"), "result"), ("started_at", gettext_lazy("Started at"), "moment"),
                ("read_at", gettext_lazy("Read at"), "moment")),
    "vaccination": (("dose", gettext_lazy("Dose"), ""), ("product", gettext_lazy("Product"), ""),
                    ("on", gettext_lazy("Given on"), "")),
    "training": (("course", gettext_lazy("Course"), ""), ("role", gettext_lazy("Role"), "role"),
                 ("held_on", gettext_lazy("Held on"), ""), ("valid_until", gettext_lazy("Counts until"), ""),
                 ("class", gettext_lazy("Class"), "training_class"), ("level", gettext_lazy("Level"), "level")),
    "disinfection": (("what", gettext_lazy("What was disinfected"), ""), ("agent", gettext_lazy("Agent"), "agent"),
                     ("use", gettext_lazy("For what"), "use"), ("concentration", gettext_lazy("Concentration"), "plain"),
                     ("unit", gettext_lazy("Unit of measure"), "unit"),
                     ("contact_minutes", gettext_lazy("Contact time in minutes"), ""), ("way", gettext_lazy("How"), "way"),
                     ("operator", gettext_lazy("Operator"), "")),
    "drill": (("title", gettext_lazy("Title"), ""), ("class", gettext_lazy("Class"), "drill_class"),
              ("level", gettext_lazy("Level"), "level"), ("held_on", gettext_lazy("Held on"), ""),
              ("participants", gettext_lazy("Took part"), ""), ("absent", gettext_lazy("Absent"), ""),
              ("findings", gettext_lazy("What was found"), "")),
    "hygiene_check": (("seen", gettext_lazy("People seen"), ""), ("masks_right", gettext_lazy("Masks right"), ""),
                      ("hands_washed", gettext_lazy("Hands washed"), ""), ("remark", gettext_lazy("Remark"), "")),
    "standing_water": (("spots_found", gettext_lazy("Spots with water"), ""), ("spots_cleared", gettext_lazy("Cleared"), ""),
                       ("remark", gettext_lazy("Remark"), "")),
    "waste_transfer": (("kind", gettext_lazy("Kind of waste"), "waste_kind"), ("kg", gettext_lazy("Kilograms"), "plain"),
                       ("bags", gettext_lazy("Bags"), ""), ("from", gettext_lazy("From where"), ""),
                       ("carrier", gettext_lazy("Carrier"), ""), ("received_by", gettext_lazy("Received by"), "")),
    "returnee_list": (("returnees", gettext_lazy("Returnees"), "count"),),
}


def field_names(kind: str) -> list[str]:
    """The headings of a kind's fields."""
    return [str(label) for _field, label, _words in SHOWN.get(kind, ())]


def cells(kind: str, data: Mapping[str, Any], park: Park) -> list[Any]:
    """The fields of a piece of evidence as a person reads them; what was not said is empty."""
    return [_cell(data.get(field), words, park) for field, _label, words in SHOWN.get(kind, ())]


def _cell(value: Any, words: str, park: Park) -> Any:
    if value is None or value == "":
        return ""
    if words == "count":
        return len(value)
    if words == "moment":
        return days.local(days.moment(str(value), park.zone), park.zone)[:16]
    if isinstance(value, list):
        return _(", ").join(word(words, each) for each in value) or "–"
    if words == "plain":
        return int(value) if float(value).is_integer() else value
    return word(words, value) if words else value


def summary(row: Evidence, park: Park) -> str:
    """A piece of evidence in one line."""
    shown = cells(row.kind, row.data, park)
    if row.kind == "disinfection":
        what, agent, use, strength, unit, minutes, way, operator = shown
        return " · ".join(str(each) for each in (what, f"{agent} {strength} {unit}".strip(), use, way, _("%(minutes)s min") % {
            "minutes": minutes}, operator) if each)
    if row.kind == "returnee_list":
        return _("%(count)s returnees") % {"count": shown[0]}
    return " · ".join(f"{label} {value}" for label, value in zip(field_names(row.kind), shown, strict=True) if value != "")


def where(subject: Subject) -> str:
    """Where a unit or place stands, beside its own name."""
    if isinstance(subject, Unit):
        return "" if subject.enterprise_id in (None, subject.pk) else str(subject.enterprise)
    if isinstance(subject, Place) and subject.parent and subject.parent.kind != PlaceKind.PARK:
        return str(subject.parent)
    return ""


def evidence_rows(rows: Iterable[Evidence], park: Park, *, doubts: Mapping[int, Sequence[str]],
                  parameters: Parameters) -> list[dict[str, Any]]:
    """The rows of a list of evidence."""
    return [_evidence_row(row, park, doubts.get(row.pk, ()), parameters) for row in rows]


def _evidence_row(row: Evidence, park: Park, doubts: Sequence[str], parameters: Parameters) -> dict[str, Any]:
    subject, made = subject_of(row), getattr(row, "check_made", None)
    return {
        "pk": row.pk, "kind": kind_in_words(row.kind), "icon": ICONS.get(row.kind, "list"), "name": str(subject),
        "where": where(subject), "at": days.local(row.happened_at, park.zone)[:16], "summary": summary(row, park),
        "url": reverse("person", args=[park.uid, subject.uid]) if isinstance(subject, Person) else
        reverse("returnee-list", args=[park.uid, row.pk]) if row.kind == "returnee_list" else "",
        "valid": row.valid, "check": made, "waits": row.kind == "disinfection" and made is None and row.valid,
        "advice": [(each.level, advice_in_words(each)) for each in advice(row.kind, row.data, parameters)],
        "doubts": [doubt_in_words(each) for each in doubts], "recorded_by": row.recorded_by}


def state_in_words(row: Evidence) -> str:
    """Whether a piece of evidence counts: for workbooks."""
    made = getattr(row, "check_made", None)
    if not row.valid:
        return _("Does not count")
    if row.kind != "disinfection":
        return _("Counts")
    if made is None:
        return _("Waits for a check")
    return _("Checked: good") if made.passed else _("Checked: to be done again")


def duty_row(duty: OwedDuty, park: Park, *, title: str, may_record: bool, see_people: bool) -> dict[str, Any]:
    """A duty on the page of duties: its window, its share, where its rows are, where it is entered."""
    rule, window = duty.due.rule, duty.due.window
    covered, address = duty.covered, reverse("duty", args=[park.uid, rule.key])
    closes = window.end.astimezone(park.zone)
    on_board = rule.subject == "person" and duty.kind not in ("vaccination", "training")
    names = reverse("names", args=[park.uid]) + f"?of=duty:{rule.key}&" if on_board else f"{address}?"
    shown = see_people or rule.subject != "person"
    return {
        "title": title, "about": rule.subject, "icon": ICONS.get(duty.kind, "list"),
        "kind": duty.kind, "kind_name": kind_in_words(duty.kind),
        "closes": f"{closes:%m-%d %H:%M}" if closes.date() != rule.day else f"{closes:%H:%M}",
        "owed": covered.owed, "done": covered.done, "excused": covered.excused, "missing": covered.missing,
        "late": duty.late, "percent": covered.percent, "on_site": rule.on_site,
        **({f"{show}_url": f"{names}show={show}" for show in ("owed", "done", "excused", "missing")} if shown else {}),
        "enter_url": reverse("record-evidence", args=[park.uid, duty.kind]) if may_record and duty.kind in SHOWN else ""}


def subject_rows(rows: Iterable[Any], states: Mapping[int, str], leaders: Mapping[int, str], *, kind: str, park: Park,
                 may_record: bool) -> list[dict[str, Any]]:
    """People, units or places that owe a duty, each with its state and, where it is missing, the way to enter it."""
    listed = []
    for row in rows:
        subject: Subject = row.person if isinstance(row, Posting) else row
        state = states[row.pk]
        listed.append({
            "name": str(subject), "state": state, "leader": leaders.get(row.pk, ""),
            "where": " · ".join(map(str, (row.enterprise, row.unit))) if isinstance(row, Posting) else where(subject),
            "first": getattr(row, "priority", 2),
            "url": reverse("person", args=[park.uid, subject.uid]) if isinstance(subject, Person) else "",
            "enter_url": entry_url(park, kind, subject) if may_record and kind in SHOWN and state in ("missing", "late") else ""})
    return listed


def entry_url(park: Park, kind: str, subject: Subject) -> str:
    """Where evidence of this kind is entered for somebody or something."""
    return f"{reverse('record-evidence', args=[park.uid, kind])}?{reference(subject)}"


def reference(subject: Subject) -> str:
    """A subject as it stands in a URL."""
    if isinstance(subject, Place):
        return f"place={subject.pk}"
    return f"{'person' if isinstance(subject, Person) else 'unit'}={subject.uid}"


def workbook(title: str, heading: Sequence[str], lines: Iterable[Sequence[Any]]) -> bytes:
    """A list as a workbook. What people typed is written as text, never as a formula."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"constant_memory": True}) as book:
        page, bold = book.add_worksheet(title[:31]), book.add_format({"bold": True, "bottom": 1})
        page.set_column(0, len(heading) - 1, 16)
        page.write_row(0, 0, heading, bold)
        page.freeze_panes(1, 0)
        for number, line in enumerate(lines, start=1):
            for column, value in enumerate(line):
                if isinstance(value, int | float) and not isinstance(value, bool):
                    page.write_number(number, column, value)
                else:
                    page.write_string(number, column, str(value))
    return content.getvalue()
