"""Advice on the command line: which tubes, and how many points, desks and samplers."""

import argparse
from typing import Any

from django.utils.translation import gettext as _

from jiugong.lib.acting import operator
from jiugong.lib.commanding import DONE, answer
from jiugong.registry.commands import park_named
from jiugong.screening.advice import THINGS, ground_as_data, pool_as_data, sizing_as_data
from jiugong.screening.errors import SizingNeedsPeople
from jiugong.screening.queries.advising import ground_of, pool_question, sizing_question
from jiugong.screening.queries.rounds import round_for


def add_parser(commands: Any) -> None:
    """`jiugong advise pool` and `jiugong advise points`. Numbers are read as written, so that nonsense is refused in words."""
    verbs = commands.add_parser("advise", help="advice before a round").add_subparsers(required=True, metavar="WHAT")
    pool = verbs.add_parser("pool", help="which pool size, and what it costs in tests and in people held")
    pool.add_argument("--prevalence", required=True, metavar="PART", help="0.001 is one in a thousand")
    pool.add_argument("--clustering", default="0", metavar="0..1", help="how much tubes fall ill together; 0 is independent")
    pool.add_argument("--sizes", default="", metavar="5,10,20", help="only these; 1, 5, 10 and 20 without it")
    pool.add_argument("--people", default="", metavar="N", help="totals for so many people")
    points = verbs.add_parser("points", help="points, desks and samplers for so many people in so many hours")
    points.add_argument("--people", default="", metavar="N")
    points.add_argument("--hours", default="", metavar="HOURS")
    points.add_argument("--park", metavar="NAME", help="with --round: who owes it, and which points stand")
    points.add_argument("--round", type=int, metavar="NUMBER")
    for command, run in ((pool, advise_pool), (points, advise_points)):
        command.add_argument("--json", action="store_true")
        command.set_defaults(run=run)


def advise_pool(given: argparse.Namespace) -> int:
    """Compare pool sizes."""
    sizes = [size.strip() for size in given.sizes.split(",")] if given.sizes else []
    told = pool_as_data(pool_question(given.prevalence, clustering=given.clustering, sizes=sizes, people=given.people))
    lines = [_("Recommended: tubes of %(size)s.") % {"size": told["recommended"]}, *told["why"],
             *(_("Tubes of %(size)s: %(tests)s tests, %(held)s people held (of 1,000).") % {
                 "size": each["size"], "tests": f"{each['tests_per_thousand']:.1f}", "held": f"{each['held_per_thousand']:.1f}"}
               for each in told["sizes"]), *told["alone"]]
    answer(told, as_json=given.json, text="\n".join(lines))
    return DONE


def advise_points(given: argparse.Namespace) -> int:
    """Count points, desks and samplers; for a round, also say what is there and what is lacking."""
    if bool(given.park) != (given.round is not None):
        raise SizingNeedsPeople()
    the_round = round_for(operator(), park_named(given.park), given.round) if given.park else None
    asked = sizing_question(given.people, given.hours, the_round)
    told = sizing_as_data(asked)
    if the_round:
        told["park"] = {"name": given.park, "round": the_round.number, **ground_as_data(ground_of(the_round), asked)}
    names = {"points": _("Sampling points"), "desks": _("Sampling desks"), "samplers": _("Samplers")}
    lines = [f"{names[name]}: {told[name]}. {told['because'][name]['why']}" for name in THINGS]
    answer(told, as_json=given.json, text="\n".join([*lines, *told.get("park", {}).get("sentences", [])]))
    return DONE
