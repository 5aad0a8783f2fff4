"""What the columns of a figure's rows are called on pages."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import lazy
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from jiugong.briefs.figures import BY_KEY, Figure
from jiugong.duties.words import word
from jiugong.journal.models import NoticeKind
from jiugong.lib.table_words import table_in_words
from jiugong.registry.words import BodyKind, EnterpriseKind, PlaceKind, Role, Shift, Status, UnitKind
from jiugong.rulebook.words import PlanStage, Regime, Risk
from jiugong.screening.words import BoxStage, ConflictKind, Flag, Lacking, ResultValue, Start
from jiugong.tracing.words import FlagStage

COLUMNS = {
    "round": _("Round"), "day": _("Day"), "opens_at": _("Opens"), "closes_at": _("Closes"), "owed": _("Owed"),
    "sampled": _("Sampled"), "excused": _("Excused"), "missing": _("Missing"), "name": _("Name"),
    "enterprise": _("Enterprise"), "workshop": _("Workshop"), "team": _("Team"), "shift": _("Shift"),
    "post": _("Post"), "status": _("Status"), "since": _("Since"), "resident_id": _("ID number"), "tube": _("Tube"),
    "position": _("Position"), "sampled_at": _("Sampled at"), "point": _("Point"), "scanner": _("Scanner"),
    "device": _("Device"), "capacity": _("Capacity"), "specimens": _("Specimens"), "result": _("Result"),
    "reported_at": _("Reported at"), "credit_code": _("Credit code"), "kind": _("Kind"), "grid": _("Grid"),
    "task_group": _("Task group"), "leaders": _("Leaders"), "role": _("Role"), "over": _("Answers for"),
    "duty": _("Duty"), "title": _("Title"), "window": _("Window"), "from": _("From"), "until": _("Until"),
    "value": _("Share"), "score": _("Score"), "done": _("Done"), "reasons": _("Reasons"), "body": _("Body"),
    "filed_by": _("Filed by"), "filed_at": _("Filed at"), "late": _("Late"), "figures": _("Figures"),
    "figure": _("Figure"), "said": _("What was said"), "why": _("Why"), "explains": _("Who must explain"),
    "subject": _("Who owes it"), "windows": _("Windows a day"), "basis": _("Rests on"), "rule": _("Rule"),
    "national": _("National rule"), "local": _("Local rule"), "about": _("About"), "in": _("Where"), "at": _("When"),
    "temperature": _("Temperature (°C)"), "what": _("What was disinfected"), "agent": _("Agent"),
    "concentration": _("Concentration"), "measure": _("Unit of measure"), "contact_minutes": _("Contact time in minutes"),
    "operator": _("Operator"), "drill_class": _("Class"), "level": _("Level"), "participants": _("Took part"),
    "absent": _("Absent"), "findings": _("What was found"), "seen": _("People seen"), "masks_right": _("Masks right"),
    "hands_washed": _("Hands washed"), "remark": _("Remark"), "spots_found": _("Spots with water"),
    "spots_cleared": _("Cleared"), "waste_kind": _("Kind of waste"), "kg": _("Kilograms"),
    "bags": _("Bags"), "from_where": _("From where"), "carrier": _("Carrier"), "received_by": _("Received by"),
    "due_on": _("Due on"), "regime": _("Regime"), "stage": _("Stage"), "version": _("Version"),
    "laboratory": _("Laboratory"), "start": _("Counts from"), "hours": _("Hours agreed"), "due_at": _("Due"),
    "staff": _("People"), "lacking": _("What is missing"), "flag": _("Why"),
    "risk": _("Risk"), "issuer": _("Issued by"), "touched": _("Sections"), "decided_by": _("Decided by"), "reason": _("Reason"),
    "written_by": _("Written by"), "keeper": _("Keeper"), "written_at": _("Written at"), "read_at": _("Read at"),
    "acknowledged_at": _("Confirmed at"), "conflict_kind": _("Kind"), "entered_by": _("Entered by"), "entered_at": _("Entered at"),
    "box": _("Box"), "box_stage": _("Stage"), "tubes": _("Tubes"), "holder": _("In whose hands"), "opened_at": _("Opened at"),
    "oldest_at": _("Oldest swab"), "arrived_at": _("At the laboratory"), "limit_at": _("Due there by"), "lasted": _("Took"),
    "given_by": _("Handed over by"), "given_at": _("Handed over at"), "gave": _("Handed over"), "got_by": _("Received by"),
    "got_at": _("Received at"), "counted": _("Counted"), "difference": _("What differs"),
    "seal": pgettext_lazy("a day", "Seal"), "closed_by": _("Closed by"), "closed_at": _("Closed at"), "missed": _("Missed"),
    "table": pgettext_lazy("a database", "Table"), "row": pgettext_lazy("a database", "Row"), "arrived_late_at": _("Arrived at"),
    "told_by": _("Told by"), "flag_stage": _("Stage"), "outcome": _("What was done"), "arriving_on": _("Arriving on"),
    "told": _("Where he was"),
}


def column_names(keys: Iterable[str]) -> list[str]:
    """The headings of these columns in the reader's language; a column without one keeps its key."""
    return [str(COLUMNS.get(key, key)) for key in keys]


# stored words stand in these columns; a program reads them as they are, a person in words
WORDS: Mapping[str, tuple[type[TextChoices], ...]] = {
    "shift": (Shift,), "status": (Status,), "role": (Role,), "result": (ResultValue,), "box_stage": (BoxStage,),
    "conflict_kind": (ConflictKind,),
    "kind": (EnterpriseKind, UnitKind, PlaceKind, BodyKind, NoticeKind),
    "regime": (Regime,), "stage": (PlanStage,), "risk": (Risk,),
    "flag": (Flag,), "start": (Start,), "flag_stage": (FlagStage,),
}
OF_EVIDENCE = {"agent": "agent", "measure": "unit", "waste_kind": "waste_kind", "drill_class": "drill_class", "level": "level"}
SUBJECTS = {"person": _("Person"), "unit": _("Unit"), "place": _("Place")}


def in_words(row: Mapping[str, Any]) -> list[Any]:
    """The cells of a row as a person reads them."""
    return [_in_words(key, value) for key, value in row.items()]


def _in_words(key: str, value: Any) -> Any:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if key == "figure" and value in BY_KEY:
        return str(figure_in_words(BY_KEY[value]))
    if key == "lacking":
        return gettext(", ").join(str(Lacking(each).label) if each in Lacking.values else each for each in value.split(",") if each)
    if key == "table":
        return table_in_words(str(value), get_language())
    if key == "subject":
        return str(SUBJECTS.get(value, value))
    if key in OF_EVIDENCE:
        return word(OF_EVIDENCE[key], value)
    return next((words(value).label for words in WORDS.get(key, ()) if value in words.values), value)


def figure_in_words(figure: Figure) -> Any:
    """What a figure is called, in the language in which it is read one day."""
    return lazy(lambda: figure.zh if (get_language() or "").startswith("zh") else figure.en, str)()
