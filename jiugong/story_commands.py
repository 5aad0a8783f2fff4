"""The park stories on the command line: an untouched replay from raw files, through the public actions."""

import argparse
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from jiugong import house_commands, tls
from jiugong.lib.acting import operator
from jiugong.lib.commanding import DONE, answer
from jiugong.settings import setting

if TYPE_CHECKING:
    from scenarios.opening import Told


def add_parser(commands: Any) -> None:
    """`jiugong story …` and `jiugong demo`."""
    stories = commands.add_parser("story", help="replay a park's story from its raw files").add_subparsers(
        required=True, metavar="STORY")
    for name, what, files, run in (
            ("a", "a park in November 2022: a positive tube, and 52 contacts under control within three hours",
             "roster.xlsx, scans.csv, results.xlsx, presence.csv.gz, retests.csv, steps.csv", story_a),
            ("d", "a furniture park in July 2022: nine rounds, nobody missed", "roster.xlsx, scans.csv, results.xlsx", story_d),
            ("b-screening", "a zone in May 2022: enterprises sample their own people at their own points",
             "roster.xlsx, points.csv, training.csv, scans.csv", story_b_screening)):
        command = stories.add_parser(name, help=what)
        command.add_argument("--inputs", type=Path, metavar="DIR", help=f"a folder with {files}")
        command.add_argument("--json", action="store_true")
        command.set_defaults(run=run)
    demo = commands.add_parser("demo", help="load the demonstration and serve it")
    demo.add_argument("--bind", metavar="HOST:PORT")
    tls.add_arguments(demo)
    demo.add_argument("--load-only", action="store_true", help="load, and do not serve")
    demo.set_defaults(run=demonstrate)


def story_a(given: argparse.Namespace) -> int:
    """Replay story A, or another folder of the same shape, and print the figures of its days."""
    from scenarios.a import replay

    return _say(replay.tell(given.inputs or replay.INPUTS, actor=operator()), given)


def story_d(given: argparse.Namespace) -> int:
    """Replay story D, or another folder of the same shape, and print the figures of its days."""
    from scenarios.d import replay

    return _say(replay.tell(given.inputs or replay.INPUTS, actor=operator()), given)


def story_b_screening(given: argparse.Namespace) -> int:
    """Replay the screening of story B, or of another such folder, and print its figures, also enterprise by enterprise."""
    from jiugong.briefs.queries import figure, scope_for
    from scenarios.b import replay

    told = replay.tell(given.inputs or replay.INPUTS, actor=operator())
    scope = scope_for(operator(), told.park, told.first_day, told.last_day)
    by_enterprise = {
        name: dict(Counter(str(line.facts["enterprise"]) for line in figure(f"screening.people_{said}").rows(scope)))
        for name, said in (("owed_by_enterprise", "owed"), ("sampled_by_enterprise", "sampled"))}
    return _say(told, given, **by_enterprise)


def _say(told: "Told", given: argparse.Namespace, **more: Any) -> int:
    from jiugong.briefs.queries import brief, scope_for
    from jiugong.briefs.wording import as_markdown

    composed = brief(scope_for(operator(), told.park, told.first_day, told.last_day))
    answer({"park": told.park.name, "figures": composed.figures, **more}, as_json=given.json,
           text="" if given.json else as_markdown(composed, "zh-hans"))
    return DONE


def demonstrate(given: argparse.Namespace) -> int:
    """Load story D on the morning of its third round, say who may be entered, and serve."""
    from jiugong import demo

    if not settings.DEMO:
        raise demo.NotADemo()
    print(_("Setting up …"), flush=True)
    house_commands.set_up(argparse.Namespace(json=False))
    print(_("Loading story D: roster, nine rounds of scans, results …"), flush=True)
    park = demo.load()
    print(f"\n  {park.name}\n")
    for person in demo.people():
        print(f"  {person.name}\t{person.role}")
    address = given.bind or setting("JIUGONG_BIND")
    print(_("\n  Open http://%(address)s and sign in with one click as one of them.\n") % {"address": address}, flush=True)
    return DONE if given.load_only else house_commands.serve(given)
