"""The park stories on the command line: an untouched replay from raw files, through the public actions."""

import argparse
from pathlib import Path
from typing import Any

from jiugong.lib.acting import operator
from jiugong.lib.commanding import DONE, answer


def add_parser(commands: Any) -> None:
    """`jiugong story d`."""
    stories = commands.add_parser("story", help="replay a park's story from its raw files").add_subparsers(
        required=True, metavar="STORY")
    command = stories.add_parser("d", help="a furniture park in July 2022: nine rounds, nobody missed")
    command.add_argument("--inputs", type=Path, metavar="DIR", help="a folder with roster.xlsx, scans.csv, results.xlsx")
    command.add_argument("--json", action="store_true")
    command.set_defaults(run=story_d)


def story_d(given: argparse.Namespace) -> int:
    """Replay story D, or another folder of the same shape, and print the figures of its days."""
    from jiugong.briefs.queries import brief, scope_for
    from jiugong.briefs.wording import as_markdown
    from scenarios.d import replay

    told = replay.tell(given.inputs or replay.INPUTS, actor=operator())
    composed = brief(scope_for(operator(), told.park, told.first_day, told.last_day))
    answer({"park": told.park.name, "figures": composed.figures}, as_json=given.json,
           text="" if given.json else as_markdown(composed, "zh-hans"))
    return DONE
