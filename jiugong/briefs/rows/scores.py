"""Enterprises by the colour of their score on the last day of the period, each with its reasons."""

from collections.abc import Iterable

from jiugong.briefs.logic import Colour
from jiugong.briefs.rows.line import Line
from jiugong.briefs.scope import Scope
from jiugong.briefs.score import Scored, scores


def _of(scope: Scope, colour: Colour) -> list[Scored]:
    return [each for each in scores(scope) if each.colour is colour]


def _lines(scope: Scope, colour: Colour) -> Iterable[Line]:
    for each in _of(scope, colour):
        covered = each.covered
        yield Line(facts={
            "enterprise": each.enterprise.name, "grid": each.grid.name if each.grid else "", "score": each.percent,
            "owed": covered.owed, "done": covered.done, "excused": covered.excused, "missing": covered.missing,
            "reasons": "；".join(f"{cell.asking.name} {cell.hours} {cell.covered.missing}" for cell in each.reasons)})


def enterprises_red(scope: Scope) -> Iterable[Line]:
    return _lines(scope, Colour.RED)


def enterprises_green(scope: Scope) -> Iterable[Line]:
    return _lines(scope, Colour.GREEN)


def count_enterprises_red(scope: Scope) -> int:
    return len(_of(scope, Colour.RED))


def count_enterprises_green(scope: Scope) -> int:
    return len(_of(scope, Colour.GREEN))
