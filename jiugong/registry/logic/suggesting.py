"""What a sheet with strange headings probably is, so that somebody can save a mapping for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jiugong.lib.sheets import Sheet, as_text, find_heading, heading_key, name_key
from jiugong.registry.logic.headings import KNOWN, headings_for, recognise
from jiugong.registry.logic.reporting import PROBLEMS, REPORT

ROWS_LOOKED_AT = 25


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """One sheet: which of ours it seems to be, the headings that we know, and those that somebody must map."""

    sheet: str
    kind: str                                # one of our three sheets; empty where nothing speaks for any
    row: int                                 # where the headings seem to stand, as Excel counts
    understood: Mapping[str, str]            # their heading -> ours
    unknown: Sequence[str]                   # their headings that mean nothing to us
    missing: Sequence[str]                   # our headings that nobody has claimed


def suggest_mapping(book: Sequence[Sheet], mapping: Mapping[str, Mapping[str, str]] | None = None) -> list[Suggestion]:
    """For each sheet the best guess and what is left to map."""
    return [_suggest(sheet, mapping or {}) for sheet in book if sheet.name != REPORT and sheet.rows]


def _suggest(sheet: Sheet, mapping: Mapping[str, Mapping[str, str]]) -> Suggestion:
    found = recognise(sheet, mapping)
    kind = found[0] if found else _kind_by_name(sheet)
    row = found[1].row if found else _fullest_row(sheet)
    heading = found[1] if found else find_heading(
        Sheet(sheet.name, [sheet.rows[row - 1]]), headings_for(kind, mapping)) if kind else None
    known = KNOWN.get(kind, {})
    written = heading.written if heading else {}
    texts = [text for cell in sheet.rows[row - 1] if (text := as_text(cell)) and text != PROBLEMS]
    claimed = {heading_key(text) for text in written.values()}
    return Suggestion(
        sheet=sheet.name, kind=kind, row=row,
        understood={text: known[field][0] for field, text in written.items()},
        unknown=[text for text in texts if heading_key(text) not in claimed],
        missing=[names[0] for field, names in known.items() if field not in written])


def _kind_by_name(sheet: Sheet) -> str:
    return next((kind for kind in KNOWN if name_key(kind) in name_key(sheet.name)), "")


def _fullest_row(sheet: Sheet) -> int:
    """Headings fill their row with different words; the first row that does so best."""
    filled = [len({as_text(cell) for cell in row if isinstance(cell, str) and cell.strip()})
              for row in sheet.rows[:ROWS_LOOKED_AT]]
    return filled.index(max(filled)) + 1
