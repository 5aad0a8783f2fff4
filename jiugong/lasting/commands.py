"""The room's thin doors on the command line: backups, drills, restores."""

import argparse
import getpass
import sys
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from jiugong.lasting.actions.backing_up import back_up, backups_folder, drill
from jiugong.lasting.actions.restoring import as_data, restore
from jiugong.lasting.models import Drill
from jiugong.lib import clock
from jiugong.lib.acting import operator
from jiugong.lib.commanding import DONE, answer


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


def make(given: argparse.Namespace) -> int:
    """Make a backup; without a name it goes to the others of this home."""
    if given.drill:
        return _drill(Path(given.file) if given.file else None, given)
    path = Path(given.file) if given.file else _named_by_the_moment()
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


def _drill(path: Path | None, given: argparse.Namespace) -> int:
    made = drill(path, actor=operator(), passphrase=_passphrase() if getattr(given, "passphrase", False) else "")
    answer(drill_as_data(made), as_json=given.json,
           text=_("The drill went well: %(rows)s rows in %(seconds)s seconds.") % {
               "rows": made.found.get("rows"), "seconds": made.seconds})
    return DONE


def drill_as_data(made: Drill) -> dict[str, Any]:
    return {"at": made.at, "passed": made.passed, "seconds": made.seconds, "file": made.backup.path if made.backup else None,
            **made.found}


def _named_by_the_moment() -> Path:
    folder = backups_folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / f"jiugong-{clock.now():%Y%m%dT%H%M%SZ}.backup"


def _passphrase() -> str:
    return getpass.getpass(_("Passphrase: ")) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
