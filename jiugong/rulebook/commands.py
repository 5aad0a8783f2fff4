"""The rulebook's thin door on the command line: adopting a release."""

import argparse
from typing import Any

from django.utils.translation import gettext as _

from jiugong.lib.acting import operator
from jiugong.lib.commanding import DONE, answer, is_day
from jiugong.registry.commands import park_named
from jiugong.rulebook.actions import adopt


def add_parser(commands: Any) -> None:
    """`jiugong adopt PACK --park NAME --from DATE`."""
    command = commands.add_parser("adopt", help="let a policy release hold in a park from a day on")
    command.add_argument("pack")
    command.add_argument("--park", required=True, metavar="NAME")
    command.add_argument("--from", dest="first", type=is_day, required=True, metavar="DATE")
    command.add_argument("--json", action="store_true")
    command.set_defaults(run=adopt_release)


def adopt_release(given: argparse.Namespace) -> int:
    adoption = adopt(park_named(given.park), given.pack, from_day=given.first, actor=operator())
    answer({"adopted": adoption.release, "from": adoption.from_day, "effect": adoption.effect_fingerprint},
           as_json=given.json, text=_("%(park)s goes by %(release)s from %(day)s.") % {
               "park": adoption.park.name, "release": adoption.release, "day": adoption.from_day})
    return DONE
