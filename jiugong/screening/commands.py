"""Screening's thin doors on the command line: taking scans and results."""

import argparse
from typing import Any

from django.utils.translation import gettext as _

from jiugong.lib.acting import operator
from jiugong.lib.commanding import DONE, REFUSED, answer, moment_of, read_file
from jiugong.registry.commands import park_named
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park
from jiugong.registry.queries.things import thing_named
from jiugong.screening.actions.point_files import import_points, read_point_file
from jiugong.screening.actions.results import import_results, read_result_file
from jiugong.screening.actions.rounds import Target, open_round, withdraw_round
from jiugong.screening.actions.scan_files import Taken, import_scans, read_scan_file
from jiugong.screening.errors import sentence
from jiugong.screening.queries.rounds import any_round_for


def add_import(importing: Any) -> None:
    """`jiugong import scans`, `jiugong import results` and `jiugong import points`."""
    for name, what, run in (("scans", "take in a list of scans", take_scans),
                            ("results", "take in a laboratory's return", take_results),
                            ("points", "take in a list of sampling points", take_points)):
        command = importing.add_parser(name, help=what)
        command.add_argument("file")
        command.add_argument("--park", required=True, metavar="NAME")
        command.add_argument("--json", action="store_true")
        command.set_defaults(run=run)


def add_parser(commands: Any) -> None:
    """`jiugong round open` and `jiugong round withdraw`."""
    verbs = commands.add_parser("round", help="rounds of testing").add_subparsers(required=True, metavar="VERB")
    opening = verbs.add_parser("open", help="open a round for the park, a grid or an enterprise")
    opening.add_argument("--park", required=True, metavar="NAME")
    opening.add_argument("--opens", required=True, metavar="ISO")
    opening.add_argument("--closes", required=True, metavar="ISO")
    opening.add_argument("--pool", required=True, type=int, metavar="SIZE", help="1, 5, 10 or 20")
    opening.add_argument("--number", type=int, help="the next one without it")
    opening.add_argument("--over", metavar="NAME", help="a grid or an enterprise; the whole park without it")
    opening.add_argument("--enterprise", action="append", default=[], metavar="NAME", help="only its people; may be said again")
    opening.add_argument("--post", action="append", default=[], metavar="POST", help="only who has it; may be said again")
    opening.add_argument("--key-posts", action="store_true", help="only key posts")
    opening.add_argument("--reason", default="", help="why these; needed where enterprises or posts are chosen")
    opening.add_argument("--json", action="store_true")
    opening.set_defaults(run=open_a_round)
    taking_back = verbs.add_parser("withdraw", help="take back a round that was opened by mistake and has no swab")
    taking_back.add_argument("number", type=int)
    taking_back.add_argument("--park", required=True, metavar="NAME")
    taking_back.add_argument("--reason", required=True)
    taking_back.add_argument("--json", action="store_true")
    taking_back.set_defaults(run=withdraw_a_round)


def open_a_round(given: argparse.Namespace) -> int:
    """Open a round."""
    park = park_named(given.park)
    place, unit = thing_named(park, given.over) if given.over else (None, None)
    opened = open_round(park, opens_at=moment_of(given.opens, park.zone), closes_at=moment_of(given.closes, park.zone),
                        pool_size=given.pool, number=given.number, place=place, unit=unit, actor=operator(),
                        target=_target(park, given))
    answer({"round": opened.number, "day": opened.day}, as_json=given.json,
           text=_("Round %(number)s is open.") % {"number": opened.number})
    return DONE


def _target(park: Park, given: argparse.Namespace) -> Target:
    """Whom a round is for, by name. Raises what `thing_named` raises."""
    chosen = [thing_named(park, name)[1] for name in given.enterprise]
    if None in chosen:                       # a grid is said with --over
        raise NotHere()
    return Target(enterprises=[each for each in chosen if each], posts=given.post, key_posts_only=given.key_posts,
                  reason=given.reason)


def withdraw_a_round(given: argparse.Namespace) -> int:
    """Take back an empty round."""
    the_round = any_round_for(operator(), park_named(given.park), given.number)
    withdrawn = withdraw_round(the_round, reason=given.reason, actor=operator())
    answer({"round": withdrawn.number, "withdrawn_at": withdrawn.withdrawn_at}, as_json=given.json,
           text=_("Round %(number)s is withdrawn. Nobody owes it.") % {"number": withdrawn.number})
    return DONE


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


def take_points(given: argparse.Namespace) -> int:
    """Take a list of sampling points."""
    park = park_named(given.park)
    records = read_point_file(read_file(given.file), name=given.file, park=park)
    return _say(import_points(park, records, actor=operator()), as_json=given.json)


def _say(taken: Taken, *, as_json: bool) -> int:
    new = "，".join(f"{name} {count}" for name, count in taken.created.items())
    lines = [_("New: %(new)s. Here already: %(unchanged)s. Bad rows: %(refused)s.") % {
        "new": new, "unchanged": taken.unchanged, "refused": taken.refused}]
    if taken.changed:
        lines.append(_("Changed: %(changed)s.") % {"changed": taken.changed})
    lines += [f"  {each.sheet} {each.row} {each.column}{f' {each.value}' if taken.with_values and each.value else ''}: "
              f"{sentence(each)}" for each in taken.records.errors]
    lines += [f"  ({each.sheet} {each.row} {each.column}: {sentence(each)})" for each in taken.records.warnings[:50]]
    answer(taken.as_data(), as_json=as_json, text="\n".join(lines))
    whole_file_bad = any(each.code == "column_missing" for each in taken.records.errors)
    return REFUSED if whole_file_bad else DONE
