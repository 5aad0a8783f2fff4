"""`jiugong badges print`: badge sheets for an enterprise or the whole park, part by part."""

import argparse
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from jiugong.lib.acting import operator
from jiugong.lib.commanding import DONE, answer, complain, write_file
from jiugong.registry.actions.badges import MOST_BADGES
from jiugong.registry.actions.printing_badges import print_badges
from jiugong.registry.errors import NobodyForBadges
from jiugong.registry.models import Unit
from jiugong.registry.queries.badges import people_in
from jiugong.registry.queries.doors import park_for
from jiugong.registry.queries.people import today_in
from jiugong.registry.queries.things import thing_named
from jiugong.registry.words import UnitKind


def add_parser(subparsers: Any) -> None:
    """`jiugong badges print`."""
    verbs = subparsers.add_parser("badges", help="codes of people").add_subparsers(required=True)
    sheets = verbs.add_parser("print", help="badge sheets as PDF, eight on a page; whoever has no badge yet gets one")
    sheets.add_argument("file", metavar="OUT.pdf", help=f"above {MOST_BADGES} people: OUT-1.pdf, OUT-2.pdf, …")
    sheets.add_argument("--park", required=True, metavar="NAME")
    sheets.add_argument("--enterprise", metavar="NAME", help="without it: everybody on the roster")
    sheets.add_argument("--base", default="", metavar="URL", help="address of this installation, as in https://park.example")
    sheets.add_argument("--json", action="store_true")
    sheets.set_defaults(run=print_sheets)


def print_sheets(given: argparse.Namespace) -> int:
    """Write badge sheets, and say after each file how far it is."""
    park = park_for(operator(), given.park)
    named = thing_named(park, given.enterprise)[1] if given.enterprise else None
    unit = named or Unit.objects.get(park=park, kind=UnitKind.PARK_OFFICE)
    people = list(people_in(operator(), unit, today_in(park)).select_related("park"))
    if not people:
        raise NobodyForBadges()
    parts = [people[first:first + MOST_BADGES] for first in range(0, len(people), MOST_BADGES)]
    out, files = Path(given.file), []
    base = f"{given.base.rstrip('/')}/me/" if given.base else ""
    for number, part in enumerate(parts, start=1):
        name = str(out if len(parts) == 1 else out.with_name(f"{out.stem}-{number}{out.suffix}"))
        write_file(name, print_badges(park, part, actor=operator(), base=base))
        files.append(name)
        if len(parts) > 1:
            complain(_("%(done)s of %(all)s badges: %(file)s") % {
                "done": min(number * MOST_BADGES, len(people)), "all": len(people), "file": name})
    answer({"badges": len(people), "files": files}, as_json=given.json,
           text=_("%(count)s badges are in %(files)s.") % {"count": len(people), "files": ", ".join(files)})
    return DONE
