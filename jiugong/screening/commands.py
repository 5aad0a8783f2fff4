"""Screening's thin doors on the command line: taking scans and results."""

import argparse
from typing import Any

from django.utils.translation import gettext as _

from jiugong.lib.acting import operator
from jiugong.lib.commanding import DONE, REFUSED, answer, read_file
from jiugong.registry.commands import park_named
from jiugong.screening.actions.results import import_results, read_result_file
from jiugong.screening.actions.scan_files import Taken, import_scans, read_scan_file
from jiugong.screening.errors import sentence


def add_import(importing: Any) -> None:
    """`jiugong import scans` and `jiugong import results`."""
    for name, what, run in (("scans", "take in a list of scans", take_scans),
                            ("results", "take in a laboratory's return", take_results)):
        command = importing.add_parser(name, help=what)
        command.add_argument("file")
        command.add_argument("--park", required=True, metavar="NAME")
        command.add_argument("--json", action="store_true")
        command.set_defaults(run=run)


def take_scans(given: argparse.Namespace) -> int:
    """Take a file of scans."""
    park = park_named(given.park)
    records = read_scan_file(read_file(given.file), name=given.file, park=park)
    return _say(import_scans(park, records, actor=operator()), as_json=given.json)


def take_results(given: argparse.Namespace) -> int:
    """Take a laboratory's workbook."""
    park = park_named(given.park)
    records = read_result_file(read_file(given.file), name=given.file, park=park)
    return _say(import_results(park, records, actor=operator()), as_json=given.json)


def _say(taken: Taken, *, as_json: bool) -> int:
    new = "，".join(f"{name} {count}" for name, count in taken.created.items())
    lines = [_("New: %(new)s. Here already: %(unchanged)s. Bad rows: %(refused)s.") % {
        "new": new, "unchanged": taken.unchanged, "refused": taken.refused}]
    lines += [f"  {each.sheet} {each.row} {each.column}: {sentence(each)}" for each in taken.records.errors]
    lines += [f"  ({each.sheet} {each.row} {each.column}: {sentence(each)})" for each in taken.records.warnings[:50]]
    answer(taken.as_data(), as_json=as_json, text="\n".join(lines))
    whole_file_bad = any(each.code == "column_missing" for each in taken.records.errors)
    return REFUSED if whole_file_bad else DONE
