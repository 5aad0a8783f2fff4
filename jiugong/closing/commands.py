"""Closing's thin doors on the command line: close a day, verify what was closed."""

import argparse
from typing import Any

from django.utils.translation import gettext as _

from jiugong.closing.actions import close_day, verify
from jiugong.closing.queries import as_data
from jiugong.lib.acting import operator
from jiugong.lib.commanding import DONE, REFUSED, answer, is_day
from jiugong.registry.commands import park_named


def add_parser(commands: Any) -> None:
    """`jiugong close-day` and `jiugong verify`."""
    closing = commands.add_parser("close-day", help="settle, count and seal a day that is over; safe to repeat")
    closing.add_argument("--park", required=True, metavar="NAME")
    closing.add_argument("--day", type=is_day, required=True, metavar="DATE")
    closing.add_argument("--json", action="store_true")
    closing.set_defaults(run=close)
    verifying = commands.add_parser("verify", help="name every row of a closed day that was edited, deleted or inserted")
    verifying.add_argument("--park", required=True, metavar="NAME")
    verifying.add_argument("--json", action="store_true")
    verifying.set_defaults(run=say_verified)


def close(given: argparse.Namespace) -> int:
    """Close a day."""
    data = as_data(close_day(park_named(given.park), given.day, actor=operator()))
    text = [_("%(day)s is closed; its seal is %(seal)s.") % {"day": data["day"], "seal": data["seal"]}]
    text += ["  {title}: {owed} = {done} + {excused} + {missed}".format(**each) for each in data["counts"]]
    answer(data, as_json=given.json, text="\n".join(text))
    return DONE


def say_verified(given: argparse.Namespace) -> int:
    """Verify a park's closed days; exit status 1 where something differs."""
    found = verify(park_named(given.park), actor=operator())
    text = [_("%(days)s closed days are as they were sealed.") % {"days": found.days}] if found.ok else [
        f"{each.day} {each.table} {each.row} {each.what.value}" for each in found.differs]
    answer(found.as_data(), as_json=given.json, text="\n".join(text))
    return DONE if found.ok else REFUSED
