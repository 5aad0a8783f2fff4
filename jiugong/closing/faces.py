"""Closed days as pages show them."""

from collections import Counter
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from jiugong.closing.actions.settling import Settled
from jiugong.closing.models import Check, Count, CountKind, Miss
from jiugong.closing.queries.days import DayRow, title_of
from jiugong.journal.words import actor_in_words
from jiugong.lib import days
from jiugong.lib.table_words import table_in_words
from jiugong.registry.models import Park

MOST = 200                                   # differences on a page; all of them are in the command's answer


def day_row(row: DayRow, park: Park) -> dict[str, Any]:
    """A day of the list."""
    seal = row.seal
    return {"day": row.day, "url": reverse("closed-day", args=[park.uid, row.day]), "closed": seal is not None, "late": row.late,
            "late_url": late_url(park, row.day) if row.late else "",
            "closed_at": days.local(seal.sealed_at, park.zone)[:16] if seal else "",
            "closed_by": actor_in_words(seal.sealed_by, seal.sealed_by_name) if seal else "",
            "seal": seal.short if seal else "", "number": seal.number if seal else None, "release": seal.release if seal else "",
            **{name: row.sums.get(name) if seal else None for name in ("owed", "done", "excused", "missed")}}


def count_row(count: Count, park: Park, day: date, *, names: bool) -> dict[str, Any]:
    """What a duty or round came to; its misses open for whoever may see people."""
    url = reverse("day-misses", args=[park.uid, day, count.pk]) if names and count.missed else ""
    return {"title": title_of(count), "window": count.window.rpartition("/")[2], "kind": count.get_kind_display(),
            "owed": count.owed, "done": count.done, "excused": count.excused, "missed": count.missed, "url": url}


def settled_row(settled: Settled, park: Park, day: date) -> dict[str, Any]:
    """The same of a day that is still open; what is missing opens to a round's names, or to the score with a duty's."""
    covered = settled.covered
    url = (f"{reverse('score', args=[park.uid])}?day={day}" if settled.kind is CountKind.DUTY
           else _figure_url(park, day, "screening.missing"))
    return {"title": title_of(Count(title_zh=settled.zh, title_en=settled.en)), "window": settled.window.rpartition("/")[2],
            "kind": settled.kind.label, "owed": covered.owed, "done": covered.done, "excused": covered.excused,
            "missed": covered.missing, "url": url if covered.missing else ""}


def windows_where_several(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Which time of the day it was is told where a duty is asked more than once."""
    asked = Counter(row["title"] for row in rows)
    return [row | {"window": row["window"] if asked[row["title"]] > 1 else ""} for row in rows]


def late_row(table: str, rows: int, park: Park, day: date) -> dict[str, Any]:
    """How many rows of a table came late; the figure opens to each of them."""
    return {"called": table_in_words(table, get_language()), "rows": rows, "url": late_url(park, day)}


def late_url(park: Park, day: date) -> str:
    return _figure_url(park, day, "closing.late")


def _figure_url(park: Park, day: date, key: str) -> str:
    return f"{reverse('figure', args=[park.uid, key])}?{urlencode({'from': day, 'to': day})}"


def miss_row(miss: Miss) -> dict[str, Any]:
    """Who or what missed something, and where he stands."""
    unit, thing = miss.unit, miss.person or miss.unit or miss.place
    firm = unit.enterprise if unit else None
    where = unit.name if unit and miss.person and unit != firm else ""
    return {"name": thing.name if thing else "", "enterprise": firm.name if firm else "", "where": where}


def check_face(check: Check | None, park: Park) -> dict[str, Any]:
    """Who verified the closed days and when, and of how many."""
    return {"check": check, "checked_at": days.local(check.at, park.zone)[:16] if check else "",
            "checked_by": actor_in_words(check.checked_by, check.checked_by_name) if check else ""}


def differing_rows(check: Check, park: Park, day: date | None = None) -> list[dict[str, Any]]:
    """What the last verification found, of one day or of all."""
    words = {"edited": _("edited"), "deleted": pgettext("a row", "deleted"), "inserted": _("inserted")}
    return [{**each, "word": words.get(each["what"], each["what"]), "called": table_in_words(each["table"], get_language())}
            for each in check.differs if day is None or each["day"] == day.isoformat()][:MOST]
