"""What a laboratory says of one tube, on the command line: a result, and the single retest of a member."""

import argparse
from typing import Any

from django.utils.translation import gettext as _

from jiugong.lib import days, secrets
from jiugong.lib.acting import operator
from jiugong.lib.commanding import DONE, answer, moment_of
from jiugong.lib.identifiers import folded
from jiugong.registry.commands import park_named
from jiugong.registry.models import Person, id_index
from jiugong.screening.actions.results import Report, report
from jiugong.screening.actions.retests import record_retest
from jiugong.screening.errors import PersonUnknown
from jiugong.screening.models import Result, Retest
from jiugong.screening.words import ResultValue


def add_parser(commands: Any) -> None:
    """`jiugong result` and `jiugong retest`."""
    result = commands.add_parser("result", help="record what the laboratory says of a tube")
    retest = commands.add_parser("retest", help="record what the laboratory says of one member's single swab")
    for command, values in ((result, ResultValue.values), (retest, ResultValue.values)):
        command.add_argument("--park", required=True, metavar="NAME")
        command.add_argument("--tube", required=True, metavar="CODE")
        command.add_argument("--result", required=True, choices=values)
        command.add_argument("--at", required=True, metavar="ISO", help="when it was reported")
        command.add_argument("--json", action="store_true")
    retest.add_argument("--person", required=True, metavar="RESIDENT_ID")
    retest.add_argument("--sampled", metavar="ISO", help="when he was sampled alone; without it as reported")
    result.set_defaults(run=take_result)
    retest.set_defaults(run=take_retest)


def take_result(given: argparse.Namespace) -> int:
    """Record a result; a correction is another one."""
    park = park_named(given.park)
    result = report(park, Report(tube=folded(given.tube), value=given.result, reported_at=moment_of(given.at, park.zone)),
                    actor=operator())
    opened = Retest.objects.filter(because=result).count()
    answer({**_as_data(result), "retests": opened}, as_json=given.json,
           text=_("%(tube)s: %(value)s. Single retests opened: %(opened)s.") % {
               "tube": result.tube.code, "value": ResultValue(result.value).label, "opened": opened})
    return DONE


def take_retest(given: argparse.Namespace) -> int:
    """Record a member's single retest."""
    park = park_named(given.park)
    number = folded(given.person).lstrip("'").upper()
    person = Person.objects.filter(park=park, id_index=id_index(park, number, secrets.ring())).first()
    if person is None:
        raise PersonUnknown()
    sampled_at = moment_of(given.sampled, park.zone) if given.sampled else None
    result = record_retest(park, tube=folded(given.tube), person=person, value=given.result, at=moment_of(given.at, park.zone),
                           sampled_at=sampled_at, actor=operator())
    answer(_as_data(result), as_json=given.json, text=_("%(tube)s: %(value)s, reported at %(at)s.") % {
        "tube": result.tube.code, "value": ResultValue(result.value).label, "at": days.local(result.reported_at, park.zone)})
    return DONE


def _as_data(result: Result) -> dict[str, Any]:
    return {"tube": result.tube.code, "result": result.value, "reported_at": result.reported_at}
