"""Tracing's thin doors on the command line: whereabouts, results and retests, whom somebody met, the clock of an incident."""

import argparse
from typing import Any

from django.utils.translation import gettext as _

from jiugong.lib import clock, days, secrets
from jiugong.lib.acting import looked, operator
from jiugong.lib.commanding import DONE, REFUSED, answer, moment_of, read_file
from jiugong.policy import Release
from jiugong.registry.commands import park_named
from jiugong.rulebook.queries.releases import release_called
from jiugong.tracing.actions.presence_files import TakenPresence, import_presence, read_presence_file
from jiugong.tracing.actions.pseudonyms import numbered
from jiugong.tracing.actions.tracing import Found, trace
from jiugong.tracing.errors import sentence
from jiugong.tracing.models import Pseudonym
from jiugong.tracing.paper_commands import add_verbs
from jiugong.tracing.queries.incidents import as_data, latest_incident
from jiugong.tracing.queries.people import somebody_numbered
from jiugong.tracing.words import ContactClass

LISTED = (ContactClass.CLOSE_CONTACT, ContactClass.CONTACT_OF_CONTACT)


def add_import(importing: Any) -> None:
    """`jiugong import presence`."""
    command = importing.add_parser("presence", help="take in who was where: a CSV, also in gzip, or a workbook")
    command.add_argument("file")
    command.add_argument("--park", required=True, metavar="NAME")
    command.add_argument("--json", action="store_true")
    command.set_defaults(run=take_presence)


def add_parser(commands: Any) -> None:
    """`jiugong trace` and `jiugong incident`."""
    tracing = commands.add_parser("trace", help="find whom somebody met, and why that counts")
    tracing.add_argument("--park", required=True, metavar="NAME")
    tracing.add_argument("--person", required=True, metavar="RESIDENT_ID")
    tracing.add_argument("--since", required=True, metavar="ISO")
    tracing.add_argument("--until", required=True, metavar="ISO")
    tracing.add_argument("--pack", required=True, metavar="RELEASE")
    tracing.add_argument("--reason", required=True)
    tracing.add_argument("--json", action="store_true")
    tracing.set_defaults(run=trace_somebody)
    incident = commands.add_parser("incident", help="the clock of the incident that was told last; its files and papers")
    incident.add_argument("--park", metavar="NAME", help="needed with --latest")
    incident.add_argument("--latest", action="store_true")
    incident.add_argument("--json", action="store_true")
    incident.set_defaults(run=show_incident, wrong=incident.error)
    add_verbs(incident.add_subparsers(metavar="VERB"))


def take_presence(given: argparse.Namespace) -> int:
    """Take a file of whereabouts."""
    park = park_named(given.park)
    taken = import_presence(park, read_presence_file(read_file(given.file), name=given.file, park=park), actor=operator())
    answer(taken.as_data(), as_json=given.json, text=_in_words(taken))
    return REFUSED if any(each.code == "column_missing" for each in taken.file.errors) else DONE


def trace_somebody(given: argparse.Namespace) -> int:
    """Find whom somebody met."""
    park = park_named(given.park)
    release: Release = release_called(given.pack)
    numbered(park)
    who = somebody_numbered(park, given.person)
    traced = trace(park, who, since=moment_of(given.since, park.zone), until=moment_of(given.until, park.zone), release=release,
                   reason=given.reason, actor=operator())
    named = _named(park, traced.found, given.reason)
    listed, others = ([_contact(each, named) for each in traced.found if (each.contact in LISTED) is wanted]
                      for wanted in (True, False))
    lines = [_("%(count)s contacts:") % {"count": len(listed)}]
    lines += [f"  {each['resident_id']}  {ContactClass(each['class']).label}  {'，'.join(each['grounds'])}" for each in listed]
    answer({"contacts": listed, "others": others, "release": release.key, "fingerprint": release.fingerprint.effect,
            "milliseconds": traced.trace.milliseconds}, as_json=given.json, text="\n".join(lines))
    return DONE


def show_incident(given: argparse.Namespace) -> int:
    """Show the clock of the incident that was told last."""
    if not (given.latest and given.park):
        given.wrong("--park and --latest are needed, or a verb")
    park = park_named(given.park)
    incident = latest_incident(operator(), park)
    told = as_data(incident)
    lines = [_("Incident %(number)s, told at %(at)s") % {"number": incident.number, "at": days.local(incident.told_at, park.zone)}]
    for step in told["steps"]:
        due, met = (days.local(step[name], park.zone) if step[name] else "–" for name in ("due", "met"))
        lines.append(f"  {step['step']:<14} {due}  {met}  {step['by'] or ''}{'  !' if step['late'] else ''}")
    answer(told, as_json=given.json, text="\n".join(lines))
    return DONE


def _named(park: Any, found: list[Found], reason: str) -> dict[int, str]:
    """The numbers of those who were found; the look is journalled."""
    rows = list(Pseudonym.objects.filter(park=park, number__in=[each.who for each in found]).select_related("person"))
    looked(actor=operator(), park_id=park.pk, person_ids=[row.person_id for row in rows if row.person_id], fields=("id_number",),
           reason=reason, at=clock.now())
    ring = secrets.ring()
    return {row.number: row.open_id_number(ring) for row in rows}


def _contact(found: Found, named: dict[int, str]) -> dict[str, Any]:
    return {"resident_id": named[found.who], "class": found.contact.value, "grounds": found.grounds}


def _in_words(taken: TakenPresence) -> str:
    told = [_("New: %(new)s stays. Here already: %(unchanged)s. Bad rows: %(refused)s. Not on the roster: %(unknown)s people.") % {
        "new": taken.created, "unchanged": taken.unchanged, "refused": taken.file.bad_rows, "unknown": taken.unknown}]
    told += [f"  {each.sheet} {each.row} {each.column}: {sentence(each)}" for each in taken.file.errors]
    told += [f"  ({each.sheet} {each.row} {each.column}: {sentence(each)})" for each in taken.file.warnings[:50]]
    return "\n".join(told)
