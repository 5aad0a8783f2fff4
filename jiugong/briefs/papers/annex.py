"""The annex of a brief: one sheet with every figure, and one sheet for each figure with the rows that it counts.

Rows that name people come only for who may see them, with their numbers masked, and each person's look is journalled.
"""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from itertools import islice
from typing import Any

import xlsxwriter
from django.utils import translation
from django.utils.translation import gettext as _

from jiugong.briefs.columns import column_names, in_words
from jiugong.briefs.figures import BY_KEY, Figure
from jiugong.briefs.papers.content import Paper
from jiugong.briefs.queries import Rows
from jiugong.briefs.rows import Line, with_numbers
from jiugong.briefs.scope import Scope
from jiugong.lib import clock
from jiugong.lib.acting import Actor, looked
from jiugong.registry.models import Person

AT_ONCE = 500
LONGEST_TITLE = 31                                               # signs that Excel takes as the name of a sheet
NOT_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
WIDE = {"name": 10, "resident_id": 20, "enterprise": 28, "reasons": 60, "said": 50, "why": 40, "over": 40, "basis": 50}


def brief_xlsx(paper: Paper, keys: Sequence[str], scope: Scope, *, actor: Actor, reason: str) -> bytes:
    """Write the annex of a brief: its figures as they were, and their rows as they can be seen by this actor."""
    seen: dict[int, None] = {}
    content = BytesIO()
    with (translation.override("zh-hans" if paper.is_chinese else "en"),
          xlsxwriter.Workbook(content, {"constant_memory": True}) as book):
        looks = _looks(book)
        titles = {key: _title(at, _name(BY_KEY[key], paper)) for at, key in enumerate(keys, start=1)}
        _summary(book.add_worksheet(paper.word("figure")), paper, titles, looks)
        for key in keys:
            lines = Rows(actor, BY_KEY[key], scope)
            page = book.add_worksheet(titles[key])
            if lines.may_see:
                _sheet(page, scope, lines, looks, actor, seen)
            else:
                page.write_string(0, 0, _("Your role sees this figure, not the people behind it."))
    looked(actor=actor, park_id=scope.park.pk, person_ids=seen, fields=("figure",), reason=reason, at=clock.now())
    return content.getvalue()


def figure_xlsx(named: Figure, scope: Scope, *, actor: Actor, text: str = "") -> bytes:
    """Write the rows of one figure, or those in which a text is found."""
    seen: dict[int, None] = {}
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"constant_memory": True}) as book:
        lines = Rows(actor, named, scope, text)
        page = book.add_worksheet(_title(1, named.zh if translation.get_language().startswith("zh") else named.en))
        if lines.may_see:
            _sheet(page, scope, lines, _looks(book), actor, seen)
        else:
            page.write_string(0, 0, _("Your role sees this figure, not the people behind it."))
    looked(actor=actor, park_id=scope.park.pk, person_ids=seen, fields=("figure",), reason=named.key, at=clock.now())
    return content.getvalue()


def table_xlsx(title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Write a plain list that names nobody whose look must be journalled."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"constant_memory": True}) as book:
        looks, page = _looks(book), book.add_worksheet(_title(0, title))
        page.freeze_panes(1, 0)
        page.set_column(0, len(head) - 1, 18)
        for column, name in enumerate(head):
            page.write_string(0, column, name, looks["heading"])
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                _cell(page, number, column, value, looks)
    return content.getvalue()


def _looks(book: Any) -> Mapping[str, Any]:
    return {"heading": book.add_format({"bold": True, "bottom": 1}), "number": book.add_format({"num_format": "#,##0"}),
            "change": book.add_format({"num_format": "+#,##0;-#,##0;0"}), "text": book.add_format({"num_format": "@"}),
            "title": book.add_format({"bold": True, "font_size": 14}), "link": book.add_format({"underline": 1})}


def _name(figure: Figure, paper: Paper) -> str:
    return figure.zh if paper.is_chinese else figure.en


def _title(at: int, name: str) -> str:
    """The name of a sheet: its number keeps it apart from another of the same name."""
    bare = " ".join(name.translate(NOT_IN_TITLES).split())
    return (f"{at:02} {bare}" if at else bare)[:LONGEST_TITLE].strip()


def _summary(page: Any, paper: Paper, titles: Mapping[str, str], looks: Mapping[str, Any]) -> None:
    page.set_column(0, 0, 30)
    page.set_column(1, 4, 13)
    page.write_string(0, 0, paper.document["title"], looks["title"])
    page.write_string(1, 0, f"{paper.number}  {paper.document['period']}")
    for column, word in enumerate(("figure", "value", "unit", "before", "difference")):
        page.write_string(3, column, paper.word(word), looks["heading"])
    page.freeze_panes(4, 0)
    for row, (key, title) in enumerate(titles.items(), start=4):
        figure = BY_KEY[key]
        page.write_url(row, 0, f"internal:'{title}'!A1", looks["link"], _name(figure, paper))
        page.write_number(row, 1, paper.figures[key], looks["number"])
        page.write_string(row, 2, figure.unit_zh if paper.is_chinese else figure.unit_en)
        page.write_number(row, 3, paper.before[key], looks["number"])
        page.write_number(row, 4, paper.difference(key), looks["change"])
    if paper.fingerprint:
        page.write_string(5 + len(titles), 0, f"{paper.word('fingerprint')} {paper.fingerprint}")


def _sheet(page: Any, scope: Scope, lines: Iterable[Line], looks: Mapping[str, Any], actor: Actor, seen: dict[int, None]) -> None:
    rest, row = iter(lines), 0
    page.freeze_panes(1, 0)
    while some := list(islice(rest, AT_ONCE)):
        seen |= dict.fromkeys(line.whose.pk for line in some if isinstance(line.whose, Person))
        for facts in with_numbers(scope.park, some, actor=actor):
            if not row:
                for column, (key, name) in enumerate(zip(facts, column_names(facts), strict=True)):
                    page.set_column(column, column, WIDE.get(key, 14))
                    page.write_string(0, column, name, looks["heading"])
            row += 1
            for column, value in enumerate(in_words(facts)):
                _cell(page, row, column, value, looks)
    if not row:
        page.write_string(0, 0, _("No rows in this period"))


def _cell(page: Any, row: int, column: int, value: object, looks: Mapping[str, Any]) -> None:
    if isinstance(value, bool):
        page.write_string(row, column, _("yes") if value else _("no"))
    elif isinstance(value, int):
        page.write_number(row, column, value, looks["number"])
    elif value not in (None, ""):
        page.write_string(row, column, str(value), looks["text"])
