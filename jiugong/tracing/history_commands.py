"""The history's thin door on the command line: write closed days into its files, and look whether they are as they should be."""

import argparse
from typing import Any

from django.utils.translation import gettext as _

from jiugong.lib.acting import operator
from jiugong.lib.commanding import DONE, REFUSED, answer, is_day
from jiugong.registry.commands import park_named
from jiugong.tracing.actions.history import build_day, build_what_is_behind
from jiugong.tracing.queries.history_checks import check


def add_parser(commands: Any) -> None:
    """`jiugong history`."""
    history = commands.add_parser("history", help="the files of closed days: write them, look at them").add_subparsers(
        required=True, metavar="WHAT")
    build = history.add_parser("build", help="write a closed day, or every one that is behind; safe to repeat")
    build.add_argument("--park", required=True, metavar="NAME")
    build.add_argument("--day", type=is_day, metavar="DATE")
    build.add_argument("--json", action="store_true")
    build.set_defaults(run=write)
    checking = history.add_parser("check", help="compare every file with its contract, its audits and its seal")
    checking.add_argument("--park", required=True, metavar="NAME")
    checking.add_argument("--json", action="store_true")
    checking.set_defaults(run=look)


def write(given: argparse.Namespace) -> int:
    """Write one day, or all that are behind."""
    park = park_named(given.park)
    if given.day is None:
        written = build_what_is_behind(actor=operator(), park=park)
        answer({"days": written}, as_json=given.json, text=_("%(days)s days are written.") % {"days": written})
        return DONE
    day = build_day(park, given.day, actor=operator())
    answer({"day": day.day, "rows": day.rows, "sha256": day.sha256}, as_json=given.json,
           text=_("%(day)s is written: %(rows)s stays.") % {"day": day.day, "rows": day.rows})
    return DONE


def look(given: argparse.Namespace) -> int:
    """Look at every file; exit status 1 where something is wrong."""
    found = check(park_named(given.park))
    told = [f"{each['day']} {each['file']} {each['what']}" for each in found["wrong"]]
    if found["behind"]:
        told.append(_("Not written yet, and answered by the store: %(days)s.") % {"days": ", ".join(map(str, found["behind"]))})
    answer(found, as_json=given.json, text="\n".join(told) or _("%(days)s days are as they should be.") % {"days": found["days"]})
    return DONE if found["ok"] else REFUSED
