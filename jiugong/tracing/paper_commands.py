"""Papers and files of tracing on the command line: orders in official form, an incident's lists, its hand-over, its reports."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from jiugong.lib.acting import operator
from jiugong.lib.commanding import DONE, answer, write_file
from jiugong.registry.commands import park_named
from jiugong.registry.errors import NotHere
from jiugong.tracing.exports import FORMATS, exported
from jiugong.tracing.godata import as_zip, godata_files
from jiugong.tracing.models import Incident, Order
from jiugong.tracing.paper_views import LANGUAGES
from jiugong.tracing.papers.handover import FORMS as HANDOVERS
from jiugong.tracing.papers.handover import handover_of
from jiugong.tracing.papers.orders import orders_to_hand_out, papers_of, to_print
from jiugong.tracing.papers.reports import FORMS, report_of
from jiugong.tracing.queries.incidents import incident_for
from jiugong.tracing.report_models import ReportKind


def add_parser(commands: Any) -> None:
    """`jiugong order paper`."""
    verbs = commands.add_parser("order", help="orders over people").add_subparsers(required=True, metavar="VERB")
    paper = verbs.add_parser("paper", help="an order in official form as PDF, or every decided one of an incident")
    paper.add_argument("--park", required=True, metavar="NAME")
    which = paper.add_mutually_exclusive_group(required=True)
    which.add_argument("--number", type=int, metavar="N", help="of the order")
    which.add_argument("--incident", type=int, metavar="N", help="all that stand in this incident")
    paper.add_argument("--out", required=True, metavar="FILE.pdf")
    paper.add_argument("--language", choices=LANGUAGES, help="of the paper; else the installation's")
    paper.add_argument("--json", action="store_true")
    paper.set_defaults(run=print_orders)


def add_verbs(verbs: Any) -> None:
    """`jiugong incident export`, `hand-over` and `report`."""
    export = verbs.add_parser("export", help="the line list, the contact pairs or Go.Data's files of an incident")
    handover = verbs.add_parser("hand-over", help="cases and contacts with whole numbers, for a reason that is journalled")
    report = verbs.add_parser("report", help="a first, follow-up or final report, filled as of now")
    for verb in (export, handover, report):
        verb.add_argument("--park", required=True, metavar="NAME")
        verb.add_argument("--number", type=int, required=True, metavar="N")
        verb.add_argument("--out", required=True, metavar="FILE", help="its ending says which kind of file")
        verb.add_argument("--language", choices=LANGUAGES, help="of the file; else the installation's")
        verb.add_argument("--json", action="store_true")
    export.add_argument("--format", choices=FORMATS, required=True)
    export.set_defaults(run=lambda given: _written(given, _exported))
    handover.add_argument("--reason", required=True)
    handover.set_defaults(run=lambda given: _written(given, _handed_over))
    report.add_argument("--kind", choices=ReportKind.values, required=True)
    report.set_defaults(run=lambda given: _written(given, _reported))


def _written(given: argparse.Namespace, make: Callable[[argparse.Namespace, Incident, str], bytes]) -> int:
    """Make the file in its language and write it."""
    incident = incident_for(operator(), park_named(given.park), given.number)
    with translation.override(given.language or translation.get_language()):
        write_file(given.out, make(given, incident, Path(given.out).suffix.lstrip(".").lower()))
    answer({"incident": incident.number, "file": given.out}, as_json=given.json,
           text=_("Written to %(file)s.") % {"file": given.out})
    return DONE


def _exported(given: argparse.Namespace, incident: Incident, form: str) -> bytes:
    if given.format == "godata":
        return as_zip(godata_files(operator(), incident))
    return exported(operator(), incident, given.format, "csv" if form == "csv" else "xlsx")


def _handed_over(given: argparse.Namespace, incident: Incident, form: str) -> bytes:
    return handover_of(incident, form if form in HANDOVERS else HANDOVERS[0], reason=given.reason, actor=operator())


def _reported(given: argparse.Namespace, incident: Incident, form: str) -> bytes:
    return report_of(incident, ReportKind(given.kind), form if form in FORMS else FORMS[0], actor=operator())


def print_orders(given: argparse.Namespace) -> int:
    """Write orders to a file."""
    park = park_named(given.park)
    if given.incident is not None:
        found = orders_to_hand_out(operator(), incident_for(operator(), park, given.incident))
    else:
        found = to_print(Order.objects.filter(park=park, number=given.number))
        if not found:
            raise NotHere()
    with translation.override(given.language or translation.get_language()):
        write_file(given.out, papers_of(found, park, actor=operator()))
    answer({"orders": len(found), "file": given.out}, as_json=given.json,
           text=_("%(count)s orders are printed to %(file)s.") % {"count": len(found), "file": given.out})
    return DONE
