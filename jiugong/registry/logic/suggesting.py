"""What a sheet with strange headings probably is, so that somebody can save a mapping for it.

A heading that we know is understood. Of the others a guess is made: by a word of ours inside theirs, else by what stands
below it (ID numbers, phones, credit codes, shifts, roles, days). A guess is only offered; a person says yes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from jiugong.lib import identifiers, sheets
from jiugong.lib.sheets import Cell, Sheet, as_text, find_heading, heading_key, name_key
from jiugong.registry.logic.facts import CHARGES, ENTERPRISES, PEOPLE, RosterFile
from jiugong.registry.logic.headings import KNOWN, headings_for, recognise
from jiugong.registry.logic.reporting import PROBLEMS, REPORT
from jiugong.registry.logic.words import ENTERPRISE_KINDS, OTHER_ROLE_SPELLINGS, ROLES, SHIFTS, STATUSES, YES_NO

ROWS_LOOKED_AT, SAMPLES = 25, 3
LONG_NUMBER = 14                             # digits in a number that may be somebody's
LEFT_ALONE = ("number",)                     # a running number says nothing about anybody


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """One sheet: which of ours it seems to be, the headings that we know, and those that somebody must map."""

    sheet: str
    kind: str                                # one of our three sheets; empty where nothing speaks for any
    row: int                                 # where the headings seem to stand, as Excel counts
    understood: Mapping[str, str]            # their heading -> ours
    unknown: Sequence[str]                   # their headings that mean nothing to us
    missing: Sequence[str]                   # our headings that nobody has claimed
    guessed: Mapping[str, str] = field(default_factory=dict)             # of the unknown: their heading -> ours
    samples: Mapping[str, Sequence[str]] = field(default_factory=dict)   # their heading -> the first cells below it


def suggest_mapping(book: Sequence[Sheet], mapping: Mapping[str, Mapping[str, str]] | None = None) -> list[Suggestion]:
    """For each sheet the best guess and what is left to map."""
    return [_suggest(sheet, mapping or {}) for sheet in book if sheet.name != REPORT and sheet.rows]


def strange_sheets(file: RosterFile) -> list[str]:
    """The sheets of a file that were not understood though something that looks like a list stands in them."""
    return [each.sheet for each in suggest_mapping([sheet for sheet in file.sheets if sheet.name not in file.headings])
            if len(each.unknown) + len(each.understood) > 1 and any(each.samples.values())]


def _suggest(sheet: Sheet, mapping: Mapping[str, Mapping[str, str]]) -> Suggestion:
    found = recognise(sheet, mapping)
    row = found[1].row if found else _fullest_row(sheet)
    columns = _columns(sheet, row)
    kind = found[0] if found else _kind_by_name(sheet) or _kind_by_content(columns)
    heading = found[1] if found else find_heading(
        Sheet(sheet.name, [sheet.rows[row - 1]]), headings_for(kind, mapping)) if kind else None
    known = KNOWN.get(kind, {})
    written = heading.written if heading else {}
    texts = list(columns)
    claimed = {heading_key(text) for text in written.values()}
    unknown = [text for text in texts if heading_key(text) not in claimed]
    missing = [field for field in known if field not in written]
    return Suggestion(
        sheet=sheet.name, kind=kind, row=row, understood={text: known[field][0] for field, text in written.items()},
        unknown=unknown, missing=[known[field][0] for field in missing],
        guessed=_guess(kind, {text: columns[text] for text in unknown}, missing),
        samples={text: [_masked(cell) for cell in cells[:SAMPLES]] for text, cells in columns.items()})


def _columns(sheet: Sheet, row: int) -> dict[str, list[Cell]]:
    """Each of their headings with the cells below it, as far as one looks. Of two equal headings the first counts."""
    below = sheet.rows[row:row + ROWS_LOOKED_AT]
    found: dict[str, list[Cell]] = {}
    for column, cell in enumerate(sheet.rows[row - 1]):
        text = as_text(cell)
        if text and text != PROBLEMS and text not in found:
            found[text] = [cells[column] for cells in below if column < len(cells) and as_text(cells[column])]
    return found


def _masked(cell: Cell) -> str:
    """A cell as it may be shown to whoever only asks what its column is: numbers of people behind stars."""
    text = as_text(cell)
    if len(digits := identifiers.folded(text)) >= LONG_NUMBER and sum(sign.isdigit() for sign in digits) >= LONG_NUMBER:
        return identifiers.masked_id(digits)
    return identifiers.masked_phone(text) if _is_phone(cell) else text


def _kind_by_name(sheet: Sheet) -> str:
    return next((kind for kind in KNOWN if name_key(kind) in name_key(sheet.name)), "")


def _kind_by_content(columns: Mapping[str, Sequence[Cell]]) -> str:
    """ID numbers stand in a list of people, credit codes in one of enterprises, roles in one of those who answer."""
    for kind, name in ((PEOPLE, "id_number"), (ENTERPRISES, "credit_code"), (CHARGES, "role")):
        if any(_fits(LOOKS[name], cells) for cells in columns.values()):
            return kind
    return ""


# guessing -----------------------------------------------------------------------------------------------------------

def _is_id(cell: Cell) -> bool:
    text = identifiers.folded(as_text(cell)).lstrip("'").upper()
    return len(text) == 18 and text[:17].isdigit() and (text[17].isdigit() or text[17] == "X")


def _is_phone(cell: Cell) -> bool:
    return not isinstance(identifiers.read_phone(identifiers.folded(as_text(cell))), identifiers.Fault)


def _is_credit_code(cell: Cell) -> bool:
    return not isinstance(identifiers.read_credit_code(identifiers.folded(as_text(cell)).upper()), identifiers.Fault)


def _is_day(cell: Cell) -> bool:
    if isinstance(cell, int | float):
        return False                                         # a number may be anything
    try:
        return sheets.as_day(cell) is not None
    except sheets.NotADate:
        return False


def _one_of(*words: Mapping[str, object]) -> Callable[[Cell], bool]:
    known = {name_key(word) for each in words for word in each}
    return lambda cell: name_key(as_text(cell)) in known


LOOKS: Mapping[str, Callable[[Cell], bool]] = {
    "id_number": _is_id, "credit_code": _is_credit_code, "phone": _is_phone, "chief_phone": _is_phone, "arrived_on": _is_day,
    "shift": _one_of(SHIFTS), "status": _one_of(STATUSES), "key_post": _one_of(YES_NO), "kind": _one_of(ENTERPRISE_KINDS),
    "role": _one_of(ROLES, OTHER_ROLE_SPELLINGS),
}


def _guess(kind: str, unknown: Mapping[str, Sequence[Cell]], missing: Sequence[str]) -> dict[str, str]:
    """For each unknown heading the one of ours that nobody has claimed and that fits best, if any fits."""
    known = KNOWN.get(kind, {})
    free = [name for name in missing if name not in LEFT_ALONE]
    guessed: dict[str, str] = {}
    for judge in (_by_heading, _by_content):
        for text, cells in unknown.items():
            if text not in guessed and (name := judge(text, cells, free, known)):
                guessed[text] = known[name][0]
                free.remove(name)
    return guessed


def _by_heading(text: str, _cells: Sequence[Cell], free: Sequence[str], known: Mapping[str, Sequence[str]]) -> str:
    """One of our words stands inside theirs, or theirs inside ours; the longest word decides."""
    theirs = heading_key(text)
    fitting = [(len(ours), name) for name in free for word in known[name]
               if len(ours := heading_key(word)) > 1 and len(theirs) > 1 and (ours in theirs or theirs in ours)]
    return max(fitting, key=lambda each: each[0], default=(0, ""))[1]


def _by_content(_text: str, cells: Sequence[Cell], free: Sequence[str], _known: Mapping[str, Sequence[str]]) -> str:
    return next((name for name in free if name in LOOKS and _fits(LOOKS[name], cells)), "")


def _fits(looks: Callable[[Cell], bool], cells: Sequence[Cell]) -> bool:
    """Most of what stands there looks so: a few bad cells do not hide what a column is."""
    return bool(cells) and sum(looks(cell) for cell in cells) * 3 >= len(cells) * 2


def _fullest_row(sheet: Sheet) -> int:
    """Headings fill their row with different words; the first row that does so best."""
    filled = [len({as_text(cell) for cell in row if isinstance(cell, str) and cell.strip()})
              for row in sheet.rows[:ROWS_LOOKED_AT]]
    return filled.index(max(filled)) + 1
