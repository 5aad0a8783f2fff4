"""The room's thin doors on the command line: backups, drills, restores."""

import argparse
import getpass
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jiugong.lasting.actions.backing_up import back_up, drill, named_by_the_moment
from jiugong.lasting.actions.endings import (
    confirm_ending,
    has_ended,
    propose_ending,
    propose_erasure,
    release_erasure,
    released,
)
from jiugong.lasting.actions.erasing import erase
from jiugong.lasting.actions.restoring import as_data, restore
from jiugong.lasting.actions.retaining import let_go, would_go
from jiugong.lasting.errors import TwoNamesNeeded
from jiugong.lasting.models import Drill, Erasure, ErasureStage
from jiugong.lasting.queries.ending import listed
from jiugong.lasting.report_paper import paper_of
from jiugong.lib import clock
from jiugong.lib.acting import operator
from jiugong.lib.commanding import DONE, answer, is_day, write_file
from jiugong.registry.commands import park_named
from jiugong.registry.models import Park


def add_parser(commands: Any) -> None:
    """`jiugong backup` and `jiugong restore`."""
    backup = commands.add_parser("backup", help="write one sealed file with everything, while everybody works on")
    backup.add_argument("--with-keys", action="store_true",
                        help="put the keys inside, sealed with a passphrase that is asked for, or read from standard input")
    backup.set_defaults(run=make)
    back = commands.add_parser("restore", help="write a backup into an empty installation")
    back.add_argument("--passphrase", action="store_true", help="the keys are inside: ask for their passphrase")
    back.set_defaults(run=bring_back)
    for command in (backup, back):
        command.add_argument("file", nargs="?" if command is backup else None, metavar="FILE")
        command.add_argument("--drill", action="store_true", help="restore it into a place of its own, and look")
        command.add_argument("--json", action="store_true")


    ending = commands.add_parser("erase", help="erase what was kept of a park's people once the emergency has ended; two people")
    ending.add_argument("--park", required=True, metavar="NAME")
    ending.add_argument("--dry-run", action="store_true", help="list what would go, and change nothing")
    ending.add_argument("--ended-on", type=is_day, metavar="DATE", help="the day on which the emergency ended")
    ending.add_argument("--reason", default="", metavar="TEXT", help="what ended it, such as a notice")
    ending.add_argument("--proposed-by", default="", metavar="NAME")
    ending.add_argument("--released-by", default="", metavar="NAME", help="another person")
    ending.add_argument("--auditor", default="", metavar="NAME", help="who stands by: a person, an office or a notary")
    ending.add_argument("--report", metavar="FILE", action="append", default=[],
                        help="write the signed report to a file: JSON, or a paper where the name ends in .pdf; alone: once more")
    ending.add_argument("--json", action="store_true")
    ending.set_defaults(run=end)


    retaining = commands.add_parser("retention", help="delete logs and what is in hand after their days; the worker does so daily")
    retaining.add_argument("--dry-run", action="store_true", help="list what would go, and change nothing")
    retaining.add_argument("--json", action="store_true")
    retaining.set_defaults(run=retain)


def make(given: argparse.Namespace) -> int:
    """Make a backup; without a name it goes to the others of this home."""
    if given.drill:
        return _drill(Path(given.file) if given.file else None, given)
    path = Path(given.file) if given.file else named_by_the_moment()
    backup = back_up(path, actor=operator(), passphrase=_passphrase() if given.with_keys else "")
    opens = _("Its passphrase opens it anywhere.") if backup.has_keys else _(
        "It opens with the key ring of this installation: keep a copy of JIUGONG_HOME/keys elsewhere.")
    answer({"file": backup.path, "made_at": backup.made_at, "bytes": backup.size, "sha256": backup.sha256, "rows": backup.rows,
            "opens_with": "passphrase" if backup.has_keys else "key ring"}, as_json=given.json,
           text=_("%(rows)s rows are in %(file)s (%(bytes)s bytes).") % {
               "rows": backup.rows, "file": backup.path, "bytes": backup.size} + " " + opens)
    return DONE


def bring_back(given: argparse.Namespace) -> int:
    """Restore a backup, or try whether it could be."""
    if given.drill:
        return _drill(Path(given.file), given)
    restored = restore(Path(given.file), actor=operator(), passphrase=_passphrase() if given.passphrase else "")
    told = as_data(restored)
    answer({"file": given.file, **told}, as_json=given.json,
           text=_("%(rows)s rows of %(made_at)s are here again.") % {"rows": told["rows"], "made_at": restored.made_at})
    return DONE


def end(given: argparse.Namespace) -> int:
    """List what would go; or erase it by the word of two; or go on with what was released."""
    park = park_named(given.park)
    if given.dry_run:
        found = listed(park)
        answer(found, as_json=given.json, text="\n".join([
            *(f"{name}: {each['rows']} {each['what']}" for name, each in found["tables"].items()),
            _("%(rows)s rows; the number of the list is %(number)s.") % {"rows": found["rows"], "number": found["list_sha256"]}]))
        return DONE
    erasure = released(park) or _done_before(park, given) or _released(park, given)
    report = erase(erasure, actor=operator()).report or {}
    for name in given.report:
        write_file(name, paper_of(report, park.zone) if name.lower().endswith(".pdf") else
                   json.dumps(report, ensure_ascii=False, indent=1).encode())
    answer(report, as_json=given.json, text=_("%(park)s is erased; the report is signed (%(signature)s…).") % {
        "park": park.name, "signature": str(report.get("signature"))[:16]})
    return DONE


def retain(given: argparse.Namespace) -> int:
    """Delete what is past its time, or list it."""
    told = would_go(at=clock.now()) if given.dry_run else let_go(actor=operator())
    rows = sum(sum(counts.values()) for counts in told.values())
    answer({"parks": told, "rows": rows, "dry_run": given.dry_run}, as_json=given.json, text="\n".join([
        *(f"{park} {name}: {count}" for park, counts in told.items() for name, count in counts.items()),
        _("%(rows)s rows are past their time.") % {"rows": rows}]))
    return DONE


def _done_before(park: Park, given: argparse.Namespace) -> Erasure | None:
    """The last erasure, where somebody wants its report once more and nothing else."""
    if not given.report or given.proposed_by or given.released_by:
        return None
    return Erasure.objects.filter(park=park, stage=ErasureStage.DONE).order_by("-pk").first()


def _released(park: Park, given: argparse.Namespace) -> Erasure:
    """As whoever runs the server, in the names of two people who said so. Raises TwoNamesNeeded, EmergencyGoesOn."""
    if not (given.proposed_by.strip() and given.released_by.strip() and given.auditor.strip()):
        raise TwoNamesNeeded()
    one, other = (replace(operator(), name=" ".join(name.split())) for name in (given.proposed_by, given.released_by))
    with transaction.atomic():
        if given.ended_on and not has_ended(park):
            propose_ending(park, ended_on=given.ended_on, reason=given.reason, actor=one)
            confirm_ending(park, actor=other)
        proposed = propose_erasure(park, actor=one)
        return release_erasure(park, list_sha256=proposed.list_sha256, auditor=given.auditor, actor=other)


def _drill(path: Path | None, given: argparse.Namespace) -> int:
    made = drill(path, actor=operator(), passphrase=_passphrase() if getattr(given, "passphrase", False) else "")
    answer(drill_as_data(made), as_json=given.json,
           text=_("The drill went well: %(rows)s rows in %(seconds)s seconds.") % {
               "rows": made.found.get("rows"), "seconds": made.seconds})
    return DONE


def drill_as_data(made: Drill) -> dict[str, Any]:
    return {"at": made.at, "passed": made.passed, "seconds": made.seconds, "file": made.backup.path if made.backup else None,
            **made.found}


def _passphrase() -> str:
    return getpass.getpass(_("Passphrase: ")) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
