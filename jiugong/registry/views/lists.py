"""How a list is narrowed and paged: everything stands in the URL, so that a list can be sent to somebody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from jiugong.registry.logic.listing import list_workbook

A_PAGE = 50
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Option:
    """One way of narrowing a list."""

    value: str
    label: str
    selected: bool
    count: int | None = None


@dataclass(frozen=True)
class Filter:
    """One select above a list, as `parts/filters.html` takes it."""

    name: str
    label: str
    options: list[Option]

    @property
    def set(self) -> bool:
        """Does it narrow the list?"""
        return any(option.selected and option.value for option in self.options)


def chosen_of(request: HttpRequest, name: str, known: Iterable[str]) -> str:
    """What was chosen in the URL, if it is one of the known words."""
    asked = request.GET.get(name, "")
    return asked if asked in known else ""


def filter_by(name: str, label: str, options: Iterable[tuple[str, Any]], chosen: str) -> Filter:
    """A select with everything first."""
    shown = [(value, str(words)) for value, words in options]
    return Filter(name, label, [Option(value, words, value == chosen) for value, words in [("", _("All")), *shown]])


def page_of(request: HttpRequest, rows: Any) -> Page[Any]:
    """The page that the URL asks for; the nearest one where it asks for none that exists."""
    return Paginator(rows, A_PAGE).get_page(request.GET.get("page"))


def day_asked(request: HttpRequest, today: date, name: str = "day") -> date:
    """The day that the URL asks for, or today."""
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return today


def wants_workbook(request: HttpRequest) -> bool:
    """Is the list asked for as a workbook? `as=xlsx` beside whatever narrows it."""
    return request.GET.get("as") == "xlsx"


def workbook_of(title: str, headings: Iterable[str], rows: Iterable[Sequence[object]], day: date) -> HttpResponse:
    """The whole list, as it is narrowed, as a file to keep."""
    name = _("%(title)s, %(day)s.xlsx") % {"title": title, "day": day.isoformat()}
    return HttpResponse(list_workbook(title, list(headings), rows), content_type=WORKBOOK, headers={
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"})
