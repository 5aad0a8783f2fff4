"""The brief's thin doors on the command line: figures, their rows, gaps."""

import argparse
from typing import Any

from django.utils.translation import get_language

from jiugong.briefs.figures import BY_KEY
from jiugong.briefs.gaps import gap_of_duty, gap_of_round
from jiugong.briefs.queries import brief, opened, scope_for
from jiugong.briefs.wording import as_markdown
from jiugong.lib.acting import operator
from jiugong.lib.commanding import DONE, answer, is_day, moment_of
from jiugong.registry.commands import park_named


def add_parser(subparsers: Any) -> None:
    """`jiugong brief`, `jiugong rows` and `jiugong gaps`."""
    compose = subparsers.add_parser("brief", help="the figures of a period")
    rows = subparsers.add_parser("rows", help="the rows behind a figure")
    rows.add_argument("figure", help="as in screening.person_tests")
    for command in (compose, rows):
        command.add_argument("--park", required=True, metavar="NAME")
        command.add_argument("--from", dest="first", type=is_day, required=True, metavar="DATE")
        command.add_argument("--to", dest="last", type=is_day, required=True, metavar="DATE")
        command.add_argument("--json", action="store_true")
    rows.add_argument("--reason", default="", metavar="TEXT", help="show numbers in full; kept in the journal")
    compose.set_defaults(run=say_brief)
    rows.set_defaults(run=say_rows)

    gaps = subparsers.add_parser("gaps", help="who owes and has not done it")
    which = gaps.add_mutually_exclusive_group(required=True)
    which.add_argument("--round", type=int, metavar="N")
    which.add_argument("--duty", metavar="KEY")
    gaps.add_argument("--park", required=True, metavar="NAME")
    gaps.add_argument("--at", metavar="ISO", help="the moment; now without it")
    gaps.add_argument("--reason", default="", metavar="TEXT", help="show numbers in full; kept in the journal")
    gaps.add_argument("--json", action="store_true")
    gaps.set_defaults(run=say_gaps)


def say_brief(given: argparse.Namespace) -> int:
    """Every figure of a period."""
    composed = brief(scope_for(operator(), park_named(given.park), given.first, given.last))
    data = {"park": composed.scope.park.name, "from": given.first, "to": given.last, "figures": composed.figures,
            "differences": {key: composed.difference(key) for key in composed.figures}}
    answer(data, as_json=given.json, text="" if given.json else as_markdown(composed, get_language() or "zh-hans"))
    return DONE


def say_rows(given: argparse.Namespace) -> int:
    """The rows that a figure counts or sums."""
    scope = scope_for(operator(), park_named(given.park), given.first, given.last)
    shown = opened(operator(), given.figure, scope, reason=given.reason)
    text = [f"{BY_KEY[given.figure].zh}: {shown.value} {BY_KEY[given.figure].unit_zh}"]
    text += ["\t".join(str(value) for value in row.values()) for row in shown.rows]
    answer({"figure": given.figure, "value": shown.value, "rows": shown.rows}, as_json=given.json, text="\n".join(text))
    return DONE


def say_gaps(given: argparse.Namespace) -> int:
    """Who is missing in a round or from a duty."""
    park = park_named(given.park)
    at = moment_of(given.at, park.zone)
    gap = (gap_of_duty(operator(), park, given.duty, at=at, reason=given.reason) if given.duty
           else gap_of_round(operator(), park, given.round, at=at, reason=given.reason))
    text = [f"owed {gap['owed']} = done {gap['done']} + excused {gap['excused']} + missing {len(gap['missing'])}"]
    text += ["  " + "\t".join(str(value) for value in person.values()) for person in gap["missing"]]
    answer(gap, as_json=given.json, text="\n".join(text))
    return DONE
