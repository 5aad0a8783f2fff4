"""What the registry answers a program: the same at the command line and by API."""

from typing import Any

from jiugong.lib.sheets import Problem
from jiugong.registry.actions import grids
from jiugong.registry.actions.rosters import Taken
from jiugong.registry.errors import sentence


def taken_as_data(taken: Taken) -> dict[str, Any]:
    """What an import did, or would do."""
    return {
        "created": {"people": taken.created_people, "enterprises": taken.created_enterprises},
        "changed": taken.changed, "unchanged": taken.unchanged, "left": taken.left,
        "repaired": taken.file.repaired_rows, "refused": taken.refused,
        "errors": [problem_as_data(problem) for problem in taken.file.errors],
        "warnings": [problem_as_data(problem) for problem in taken.file.warnings],
    }


def problem_as_data(problem: Problem) -> dict[str, Any]:
    """A bad cell: where it stands, its code, and the sentence."""
    return {"sheet": problem.sheet, "row": problem.row, "column": problem.column, "code": problem.code,
            "message": sentence(problem)}


def ground_as_data(taken: grids.Taken) -> dict[str, Any]:
    """What drawing did, or would do."""
    return {"created": taken.created, "drawn": taken.drawn, "placed": taken.placed, "outside": taken.outside,
            "overlapping": [list(pair) for pair in taken.overlapping],
            "moved": [{"site": move.site, "before": move.before, "after": move.after} for move in taken.moves]}
