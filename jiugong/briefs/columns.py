"""What the columns of a figure's rows are called on pages."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

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
