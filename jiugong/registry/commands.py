"""The registry's thin doors on the command line: taking and giving rosters, saved mappings, keys."""

import argparse
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jiugong.lib.acting import operator
from jiugong.lib.commanding import DONE, REFUSED, answer, complain, day_of, read_file, write_file
from jiugong.lib.sheets import tidy_title
from jiugong.registry.actions.keys import rotate_keys
from jiugong.registry.actions.mappings import save_mapping
from jiugong.registry.actions.parks import create_park
from jiugong.registry.actions.rosters import Taken, import_roster, read_roster_file
from jiugong.registry.answers import taken_as_data
from jiugong.registry.errors import ParkUnknown, sentence
from jiugong.registry.logic.reporting import marked_workbook
from jiugong.registry.models import Park
from jiugong.registry.queries.mappings import mapping_called
from jiugong.registry.queries.rosters import export_roster


def park_named(name: str) -> Park:
    """The park that a command speaks of. Raises ParkUnknown."""
    park = Park.objects.filter(name=tidy_title(name)).first()
    if park is None:
        raise ParkUnknown(park=name)
    return park


def add_import(importing: Any) -> None:
    """`jiugong import roster`."""
    command = importing.add_parser("roster", help="take in a park's roster workbook")
    command.add_argument("file")
    command.add_argument("--park", required=True, metavar="NAME")
    command.add_argument("--create-park", action="store_true", help="create the park if it is not there")
    command.add_argument("--bad-rows", choices=("report", "refuse"), default="refuse",
                         help="report: take the good rows; refuse: take nothing if any row is bad")
    command.add_argument("--report", metavar="OUT.xlsx", help="write the workbook back with each bad cell marked")
    command.add_argument("--mapping", metavar="NAME", help="a saved mapping for other headings")
    command.add_argument("--at", metavar="ISO", help="from when changes hold; today without it")
    command.add_argument("--json", action="store_true")
    command.set_defaults(run=take_roster)


def take_roster(given: argparse.Namespace) -> int:
    """Take a roster, or say what is wrong with it and take nothing."""
    content = read_file(given.file)
    park = Park.objects.filter(name=tidy_title(given.park)).first()
    if park is None and not given.create_park:
        raise ParkUnknown(park=given.park)
    headings = mapping_called(park, given.mapping, tidy_title(given.park)) if given.mapping else {}
    file = read_roster_file(content, name=given.file, park=park, park_name=tidy_title(given.park), mapping=headings)
    if given.report:                                   # first: what cannot be reported is not taken either
        write_file(given.report, marked_workbook(file, sentence))
    taken, status = Taken(file=file), REFUSED
    if given.bad_rows == "report" or not file.errors:
        with transaction.atomic():
            park = park or create_park(given.park, actor=operator())
            at = day_of(given.at, park.zone) if given.at else None
            taken, status = import_roster(park, file, actor=operator(), at=at), DONE
    answer(taken_as_data(taken), as_json=given.json, text=_text(taken, refused=status == REFUSED))
    return status


def _text(taken: Taken, *, refused: bool) -> str:
    counts = {"people": taken.created_people, "enterprises": taken.created_enterprises, "changed": taken.changed,
              "unchanged": taken.unchanged, "left": taken.left, "repaired": taken.file.repaired_rows,
              "refused": taken.refused}
    first = _("Nothing was taken: %(refused)s rows are bad.") if refused else _(
        "Taken: %(people)s new people, %(enterprises)s new enterprises, %(changed)s changed, %(unchanged)s unchanged, "
        "%(left)s left, %(repaired)s rows repaired, %(refused)s bad rows.")
    lines = [first % counts]
    lines += [f"  {problem.sheet} {problem.row} {problem.column}: {sentence(problem)}" for problem in taken.file.errors]
    lines += [f"  ({problem.sheet} {problem.row} {problem.column}: {sentence(problem)})"
              for problem in taken.file.warnings]
    return "\n".join(lines)


def add_parser(subparsers: Any) -> None:
    """`jiugong mapping save|show`, `jiugong export roster`, `jiugong keys rotate`."""
    verbs = subparsers.add_parser("mapping", help="saved mappings for other headings").add_subparsers(required=True)
    save = verbs.add_parser("save", help='save {"人员台账": {"their heading": "our heading"}} under a name')
    save.add_argument("name")
    save.add_argument("file", help="a JSON file")
    save.add_argument("--park", required=True, metavar="NAME")
    save.add_argument("--create-park", action="store_true")
    save.add_argument("--json", action="store_true")
    save.set_defaults(run=keep_mapping)
    show = verbs.add_parser("show", help="print a saved mapping")
    show.add_argument("name")
    show.add_argument("--park", required=True, metavar="NAME")
    show.set_defaults(run=show_mapping)
    giving = subparsers.add_parser("export", help="give back what a park keeps").add_subparsers(required=True)
    from jiugong.registry import ground_commands  # it asks this page for the park

    ground_commands.add_export(giving)
    roster = giving.add_parser("roster", help="the park's roster as the workbook that `import roster` takes")
    roster.add_argument("file", metavar="OUT.xlsx")
    roster.add_argument("--park", required=True, metavar="NAME")
    roster.add_argument("--reason", required=True, metavar="TEXT", help="why numbers leave in full; kept in the journal")
    roster.add_argument("--json", action="store_true")
    roster.set_defaults(run=give_roster)
    keys = subparsers.add_parser("keys", help="the keys that seal ID numbers and phones").add_subparsers(required=True)
    rotate = keys.add_parser("rotate", help="turn to a fresh key and seal everything anew; safe to interrupt and repeat")
    rotate.add_argument("--json", action="store_true")
    rotate.set_defaults(run=turn_keys)


def keep_mapping(given: argparse.Namespace) -> int:
    """Save a mapping under a name; the same name again replaces it."""
    try:
        headings: Mapping[str, Mapping[str, str]] = json.loads(read_file(given.file))
    except ValueError:
        complain(_("%(file)s is not JSON.") % {"file": given.file})
        return REFUSED
    with transaction.atomic():
        park = create_park(given.park, actor=operator()) if given.create_park else park_named(given.park)
        saved = save_mapping(park, given.name, headings, actor=operator())
    answer({"saved": saved.name, "headings": saved.headings}, as_json=given.json,
           text=_("Saved as %(name)s.") % {"name": saved.name})
    return DONE


def show_mapping(given: argparse.Namespace) -> int:
    """Print a saved mapping as the JSON that `save` takes."""
    park = park_named(given.park)
    answer(mapping_called(park, given.name, park.name), as_json=True)
    return DONE


def give_roster(given: argparse.Namespace) -> int:
    """Write the park's roster to a file; every number that leaves is journalled."""
    content = export_roster(operator(), park_named(given.park), reason=given.reason)
    write_file(given.file, content)
    answer({"file": given.file, "bytes": len(content)}, as_json=given.json,
           text=_("Written to %(file)s.") % {"file": given.file})
    return DONE


def turn_keys(given: argparse.Namespace) -> int:
    """Turn to a fresh key."""
    turned = rotate_keys(actor=operator())
    answer({"current": turned.current, "resealed": turned.resealed, "dropped": turned.dropped}, as_json=given.json,
           text=_("%(count)s numbers are sealed under key %(key)s now.") % {"count": turned.resealed, "key": turned.current})
    return DONE
