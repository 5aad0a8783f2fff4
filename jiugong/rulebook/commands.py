"""The rulebook's thin door on the command line: adopting a release."""

import argparse
from typing import Any

from django.utils.translation import gettext as _

from jiugong.lib.acting import operator
from jiugong.lib.commanding import DONE, answer, is_day
from jiugong.registry.commands import park_named
from jiugong.rulebook.actions import adopt
from jiugong.rulebook.errors import ReleaseSilent
from jiugong.rulebook.queries.impact import impact_of
from jiugong.rulebook.queries.releases import release_called
from jiugong.rulebook.saying import impact_as_data, impact_in_lines


def add_parser(commands: Any) -> None:
    """`jiugong adopt PACK --park NAME --from DATE [--dry-run]`."""
    command = commands.add_parser("adopt", help="let a policy release hold in a park from a day on")
    command.add_argument("pack")
    command.add_argument("--park", required=True, metavar="NAME")
    command.add_argument("--from", dest="first", type=is_day, required=True, metavar="DATE")
    command.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    command.add_argument("--json", action="store_true")
    command.set_defaults(run=adopt_release)


def adopt_release(given: argparse.Namespace) -> int:
    if given.dry_run:
        return _say_what_would_change(given)
    adoption = adopt(park_named(given.park), given.pack, from_day=given.first, actor=operator())
    answer({"adopted": adoption.release, "from": adoption.from_day, "effect": adoption.effect_fingerprint},
           as_json=given.json, text=_("%(park)s goes by %(release)s from %(day)s.") % {
               "park": adoption.park.name, "release": adoption.release, "day": adoption.from_day})
    return DONE


def _say_what_would_change(given: argparse.Namespace) -> int:
    park, release = park_named(given.park), release_called(given.pack)
    if not release.pack.in_force_on(given.first):
        raise ReleaseSilent(release=given.pack, day=str(given.first), held=str(release.pack.first_day))
    impact = impact_of(park, given.pack, given.first)
    answer(impact_as_data(impact), as_json=given.json, text="" if given.json else impact_in_lines(impact))
    return DONE
