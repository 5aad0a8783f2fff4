"""Thin doors on the command line: people flagged by other places, areas at risk, where returnees were."""

import argparse
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from jiugong.lib.acting import operator
from jiugong.lib.commanding import DONE, REFUSED, answer, day_of, read_file
from jiugong.registry.commands import park_named
from jiugong.tracing.actions.flagged import import_flagged, read_flagged_file
from jiugong.tracing.actions.risk_areas import import_risk_areas, read_risk_area_file
from jiugong.tracing.actions.stays import import_stays, read_stay_file
from jiugong.tracing.errors import sentence
from jiugong.tracing.logic.lists import ListFile

MOST_SHOWN = 50


def add_import(importing: Any) -> None:
    """`jiugong import flagged`, `jiugong import stays` and `jiugong import risk-areas`."""
    flagged = importing.add_parser("flagged", help="take in a list of people flagged by other places")
    flagged.add_argument("file")
    flagged.add_argument("--park", required=True, metavar="NAME")
    flagged.add_argument("--json", action="store_true")
    flagged.set_defaults(run=take_flagged)
    stays = importing.add_parser("stays", help="take in a list of where people were before they came back")
    stays.add_argument("file")
    stays.add_argument("--park", required=True, metavar="NAME")
    stays.add_argument("--json", action="store_true")
    stays.set_defaults(run=take_stays)
    areas = importing.add_parser("risk-areas", help="take in a list of areas at risk: the nation's, for every park")
    areas.add_argument("file")
    areas.add_argument("--on", metavar="DAY", help="the day of the list; today without it")
    areas.add_argument("--complete", action="store_true", help="what the list leaves out is no longer at risk")
    areas.add_argument("--json", action="store_true")
    areas.set_defaults(run=take_risk_areas)


def take_flagged(given: argparse.Namespace) -> int:
    """Take a list of people flagged by other places, match and tell."""
    park = park_named(given.park)
    taken = import_flagged(park, read_flagged_file(read_file(given.file), name=given.file, park=park), actor=operator())
    told = [_("New: %(new)s lines. Here already: %(unchanged)s. Bad rows: %(refused)s.") % {
        "new": taken.created, "unchanged": taken.unchanged, "refused": taken.file.bad_rows},
        _("On our roster: %(matched)s. To be confirmed by a person: %(to_confirm)s. Not found: %(unmatched)s.") % {
        "matched": taken.matched, "to_confirm": taken.to_confirm, "unmatched": taken.unmatched}]
    answer(taken.as_data(), as_json=given.json, text="\n".join([*told, *_in_words(taken.file)]))
    return _status(taken.file)


def take_stays(given: argparse.Namespace) -> int:
    """Take a list of where people were."""
    park = park_named(given.park)
    taken = import_stays(park, read_stay_file(read_file(given.file), name=given.file, park=park), actor=operator())
    told = [_("New: %(new)s stays. Here already: %(unchanged)s. Bad rows: %(refused)s.") % {
        "new": taken.created, "unchanged": taken.unchanged, "refused": taken.file.bad_rows}]
    answer(taken.as_data(), as_json=given.json, text="\n".join([*told, *_in_words(taken.file)]))
    return _status(taken.file)


def take_risk_areas(given: argparse.Namespace) -> int:
    """Take a list of areas at risk."""
    file = read_risk_area_file(read_file(given.file), name=given.file)
    day = day_of(given.on, ZoneInfo(settings.PARK_TIME_ZONE))
    taken = import_risk_areas(file, day=day, is_complete=given.complete, actor=operator())
    told = [_("New: %(new)s areas. Said anew: %(changed)s. Here already: %(unchanged)s. No longer at risk: %(left)s. "
              "Bad rows: %(refused)s.") % {"new": taken.created, "changed": taken.changed, "unchanged": taken.unchanged,
                                           "left": taken.left, "refused": taken.file.bad_rows}]
    answer(taken.as_data(), as_json=given.json, text="\n".join([*told, *_in_words(taken.file)]))
    return _status(taken.file)


def _status(file: ListFile[Any]) -> int:
    return REFUSED if any(each.code == "column_missing" for each in file.errors) else DONE


def _in_words(file: ListFile[Any]) -> list[str]:
    return [*(f"  {each.sheet} {each.row} {each.column}: {sentence(each)}" for each in file.errors),
            *(f"  ({each.sheet} {each.row} {each.column}: {sentence(each)})" for each in file.warnings[:MOST_SHOWN])]
