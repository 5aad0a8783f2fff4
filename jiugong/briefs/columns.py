"""What the columns of a figure's rows are called on pages."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from jiugong.registry.words import EnterpriseKind, PlaceKind, Role, Shift, Status, UnitKind
from jiugong.screening.words import ResultValue

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
    "value": _("Share"),
}


def column_names(keys: Iterable[str]) -> list[str]:
    """The headings of these columns in the reader's language; a column without one keeps its key."""
    return [str(COLUMNS.get(key, key)) for key in keys]


# stored words stand in these columns; a program reads them as they are, a person in words
WORDS: Mapping[str, tuple[type[TextChoices], ...]] = {
    "shift": (Shift,), "status": (Status,), "role": (Role,), "result": (ResultValue,),
    "kind": (EnterpriseKind, UnitKind, PlaceKind),
}


def in_words(row: Mapping[str, Any]) -> list[Any]:
    """The cells of a row as a person reads them."""
    return [next((words(value).label for words in WORDS.get(key, ()) if value in words.values), value)
            for key, value in row.items()]
