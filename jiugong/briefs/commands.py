"""The brief's thin doors on the command line: figures, their rows, gaps."""

import argparse
from dataclasses import replace
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jiugong.briefs.actions import publish
from jiugong.briefs.board import question_for, recent_questions
from jiugong.briefs.figures import BY_KEY
from jiugong.briefs.gaps import gap_of_duty, gap_of_round
from jiugong.briefs.logic import fingerprint
from jiugong.briefs.papers.content import draft, published
from jiugong.briefs.papers.making import KINDS
from jiugong.briefs.papers.making import made as made_as
from jiugong.briefs.queries import brief, opened, scope_for
from jiugong.briefs.reminding import remind, remind_when_due, reminded_as_data
from jiugong.briefs.wording import LANGUAGES, as_markdown
from jiugong.lib import clock
from jiugong.lib.acting import operator
from jiugong.lib.commanding import DONE, answer, is_day, moment_of, write_file
from jiugong.registry.commands import park_named


def add_parser(subparsers: Any) -> None:
    """`jiugong brief`, `jiugong rows`, `jiugong gaps` and `jiugong remind`."""
    compose = subparsers.add_parser("brief", help="the figures of a period")
    rows = subparsers.add_parser("rows", help="the rows behind a figure")
    rows.add_argument("figure", help="as in screening.person_tests")
    for command in (compose, rows):
        command.add_argument("--park", required=True, metavar="NAME")
        command.add_argument("--from", dest="first", type=is_day, required=True, metavar="DATE")
        command.add_argument("--to", dest="last", type=is_day, required=True, metavar="DATE")
        command.add_argument("--json", action="store_true")
    for kind, what in (("pdf", "as PDF"), ("docx", "as Word"), ("xlsx", "its annex as Excel")):
        compose.add_argument(f"--{kind}", metavar=f"OUT.{kind}", help=f"write the brief to a file, {what}")
    compose.add_argument("--publish", action="store_true", help="publish it first; the same figures are published once")
    compose.add_argument("--language", choices=LANGUAGES, help="of the text and the papers; else the installation's")
    rows.add_argument("--reason", default="", metavar="TEXT", help="show numbers in full; kept in the journal")
    compose.set_defaults(run=say_brief)
    rows.set_defaults(run=say_rows)

    gaps = subparsers.add_parser("gaps", help="who owes and has not done it")
    which = gaps.add_mutually_exclusive_group(required=True)
    which.add_argument("--round", type=int, metavar="N")
    which.add_argument("--duty", metavar="KEY")
    gaps.add_argument("--park", required=True, metavar="NAME")
    gaps.add_argument("--at", metavar="ISO", help="the moment; now without it")
    gaps.add_argument("--reason", default="", metavar="TEXT", help="show numbers in full; kept in the journal")
    gaps.add_argument("--json", action="store_true")
    gaps.set_defaults(run=say_gaps)

    reminding = subparsers.add_parser("remind", help="tell who is missing and, step by step, who answers for them")
    reminding.add_argument("--park", required=True, metavar="NAME")
    reminding.add_argument("--of", metavar="WHAT", help="round:3 or duty:health_report; everything that is owed without it")
    reminding.add_argument("--now", action="store_true", help="remind the missing at once, also before the window closes")
    reminding.add_argument("--at", metavar="ISO", help="the moment; now without it")
    reminding.add_argument("--json", action="store_true")
    reminding.set_defaults(run=say_reminded)


def say_brief(given: argparse.Namespace) -> int:
    """Every figure of a period, and the brief as a file where one is asked for."""
    park = park_named(given.park)
    scope = scope_for(operator(), park, given.first, given.last)
    composed = brief(scope)
    language = given.language or ("zh-hans" if (get_language() or "zh").startswith("zh") else "en")
    paper, data = draft(composed, language), {
        "park": park.name, "from": given.first, "to": given.last, "figures": composed.figures,
        "differences": {key: composed.difference(key) for key in composed.figures}}
    if given.publish:
        made = publish(park, first=given.first, last=given.last, language=language, actor=operator(),
                       client_id=f"command-{fingerprint({'to': given.last, 'from': given.first, **data['figures']})[:40]}")
        paper = published(made, language)
        data |= {"number": made.number, "year": made.year, "uid": str(made.uid)}
        scope = replace(scope, at=made.published_at)
    for kind in KINDS:
        if path := getattr(given, kind):
            write_file(path, made_as(paper, kind, scope, actor=operator()))
    answer(data, as_json=given.json, text="" if given.json else as_markdown(composed, language, paper.number))
    return DONE


def say_rows(given: argparse.Namespace) -> int:
    """The rows that a figure counts or sums."""
    scope = scope_for(operator(), park_named(given.park), given.first, given.last)
    shown = opened(operator(), given.figure, scope, reason=given.reason)
    text = [f"{BY_KEY[given.figure].zh}: {shown.value} {BY_KEY[given.figure].unit_zh}"]
    text += ["\t".join(str(value) for value in row.values()) for row in shown.rows]
    answer({"figure": given.figure, "value": shown.value, "rows": shown.rows}, as_json=given.json, text="\n".join(text))
    return DONE


def say_gaps(given: argparse.Namespace) -> int:
    """Who is missing in a round or from a duty."""
    park = park_named(given.park)
    at = moment_of(given.at, park.zone)
    gap = (gap_of_duty(operator(), park, given.duty, at=at, reason=given.reason) if given.duty
           else gap_of_round(operator(), park, given.round, at=at, reason=given.reason))
    text = [f"owed {gap['owed']} = done {gap['done']} + excused {gap['excused']} + missing {len(gap['missing'])}"]
    text += ["  " + "\t".join(str(value) for value in person.values()) for person in gap["missing"]]
    answer(gap, as_json=given.json, text="\n".join(text))
    return DONE


def say_reminded(given: argparse.Namespace) -> int:
    """Take the steps that are due at this moment. Run it every few minutes; nothing is said twice."""
    park = park_named(given.park)
    act = remind if given.now else remind_when_due
    with clock.standing_at(moment_of(given.at, park.zone)):
        asked = ([found for found in [question_for(operator(), park, given.of, clock.now())] if found] if given.of
                 else recent_questions(operator(), park, clock.now()))
        done = [(each, act(park, each, actor=operator())) for each in asked if each.subject == "person"]
        data = {"park": park.name, "at": clock.now(), "reminded": [reminded_as_data(each, what) for each, what in done]}
    text = [f"{each.title}: {what.people} + {sum(what.told.values())}" for each, what in done]
    answer(data, as_json=given.json, text="\n".join(text) or _("Nothing is owed now."))
    return DONE
