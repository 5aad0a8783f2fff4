"""What the import of a list answers, as a client reads it: the keys of every import."""

from typing import Any

from jiugong.lib.sheets import Problem
from jiugong.tracing.errors import sentence
from jiugong.tracing.logic.lists import ListFile

MOST_SAID = 200


def answer_of(file: ListFile[Any], *, created: dict[str, int], changed: int = 0, unchanged: int = 0, left: int = 0,
              **more: int) -> dict[str, Any]:
    """Counts, errors, and of many warnings the first."""
    return {"created": created, "changed": changed, "unchanged": unchanged, "left": left, "repaired": len(file.repaired),
            "refused": file.bad_rows, **more, "errors": [_said(each) for each in file.errors],
            "warnings": [_said(each) for each in file.warnings[:MOST_SAID]], "warnings_count": len(file.warnings)}


def _said(problem: Problem) -> dict[str, Any]:
    return {"sheet": problem.sheet, "row": problem.row, "column": problem.column, "code": problem.code,
            "message": sentence(problem)}
