"""The list of the joint meeting as PDF: what differs and who explains, who is late."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jiugong.lib import papers

TEMPLATE = Path(__file__).with_name("meeting.typ")

Rows = Sequence[Sequence[object]]


def meeting_pdf(park: str, title: str, day: date, differing: tuple[Sequence[str], Rows],
                late: tuple[str, Sequence[str], Rows]) -> bytes:
    """Set the list on A4, across."""
    head, lines = differing
    late_title, late_head, late_lines = late
    return papers.pdf(TEMPLATE, {
        "language": get_language(), "park": park, "title": title, "day": str(day), "head": list(head),
        "rows": [[_cell(value) for value in line] for line in lines], "none": _("Nobody differs."),
        "late_title": late_title, "late_head": list(late_head), "late_rows": [list(map(str, line)) for line in late_lines],
        "none_late": _("Everybody filed in time.")}, title=title)


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
