"""Duties' thin door on the command line: taking a list of training."""

import argparse
from typing import Any

from django.utils.translation import gettext as _

from jiugong.duties.actions.training_files import import_training, read_training
from jiugong.duties.sentences import problem_in_words
from jiugong.lib.acting import operator
from jiugong.lib.commanding import DONE, REFUSED, answer, read_file
from jiugong.registry.commands import park_named


def add_import(importing: Any) -> None:
    """`jiugong import training`."""
    command = importing.add_parser("training", help="take in a list of who was trained")
    command.add_argument("file")
    command.add_argument("--park", required=True, metavar="NAME")
    command.add_argument("--json", action="store_true")
    command.set_defaults(run=take_training)


def take_training(given: argparse.Namespace) -> int:
    """Take a list of training."""
    park = park_named(given.park)
    file = read_training(read_file(given.file), name=given.file, park=park)
    taken = import_training(park, file, actor=operator())
    lines = [_("Rows: %(rows)s. New: %(new)s. Here already: %(unchanged)s. Bad rows: %(refused)s.") % {
        "rows": file.count, "new": taken.accepted, "unchanged": taken.repeated, "refused": file.bad_rows}]
    lines += [f"  {each.sheet} {each.row} {each.column} {each.value}: {problem_in_words(each)}" for each in file.errors]
    answer(taken.as_data(), as_json=given.json, text="\n".join(lines))
    return REFUSED if any(each.code == "column_missing" for each in file.errors) else DONE
