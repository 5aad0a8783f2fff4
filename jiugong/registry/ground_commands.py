"""The ground's thin doors on the command line: outlines and points in, and out again."""

import argparse
import json
from typing import Any

from django.utils.translation import gettext as _

from jiugong.lib.acting import operator
from jiugong.lib.commanding import DONE, answer, is_day, read_file, write_file
from jiugong.registry.actions.grids import preview_ground, take_ground
from jiugong.registry.answers import ground_as_data
from jiugong.registry.commands import park_named
from jiugong.registry.grounds_in_words import GroundWrong
from jiugong.registry.logic.ground import read_ground_file
from jiugong.registry.queries.grids import ground_of
from jiugong.registry.queries.people import today_in


def add_import(importing: Any) -> None:
    """`jiugong import ground`."""
    command = importing.add_parser("ground", help="take in outlines of grids and points of sites")
    command.add_argument("file", help="GeoJSON in WGS 84, or a sheet with 企业名称, 经度, 纬度")
    command.add_argument("--park", required=True, metavar="NAME")
    command.add_argument("--at", type=is_day, metavar="DATE", help="from when sites are counted so; today without it")
    command.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    command.add_argument("--json", action="store_true")
    command.set_defaults(run=take)


def add_export(giving: Any) -> None:
    """`jiugong export ground`."""
    command = giving.add_parser("ground", help="what is drawn, as the GeoJSON that `import ground` takes")
    command.add_argument("file", metavar="OUT.geojson")
    command.add_argument("--park", required=True, metavar="NAME")
    command.add_argument("--json", action="store_true")
    command.set_defaults(run=give)


def take(given: argparse.Namespace) -> int:
    """Take outlines and points, or say what is wrong with them and take nothing."""
    park = park_named(given.park)
    said = read_ground_file(read_file(given.file), name=given.file)
    run = preview_ground if given.dry_run else take_ground
    taken = run(park, said, actor=operator(), on=given.at)
    if taken.wrong:
        raise GroundWrong(taken.wrong)
    text = [_("%(drawn)s outlines, %(placed)s sites placed, %(moved)s counted elsewhere.") % {
        "drawn": len(taken.drawn), "placed": len(taken.placed), "moved": len(taken.moves)}]
    text += [f"  {move.site}: {move.before or '—'} → {move.after or '—'}" for move in taken.moves]
    answer(ground_as_data(taken), as_json=given.json, text="\n".join(text))
    return DONE


def give(given: argparse.Namespace) -> int:
    """Write what is drawn to a file."""
    park = park_named(given.park)
    ground = ground_of(operator(), park, today_in(park))
    write_file(given.file, json.dumps(ground, ensure_ascii=False, indent=1).encode())
    answer({"file": given.file, "features": len(ground["features"])}, as_json=given.json,
           text=_("Written to %(file)s.") % {"file": given.file})
    return DONE
