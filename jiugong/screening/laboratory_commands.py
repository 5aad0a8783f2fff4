"""`jiugong laboratory`: laboratories and their contracts, for scripts. Safe to run twice."""

import argparse
from typing import Any

from django.utils.translation import gettext as _

from jiugong.lib.acting import operator
from jiugong.lib.commanding import DONE, answer, day_of, is_day
from jiugong.lib.sheets import name_key
from jiugong.registry.commands import park_named
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park
from jiugong.registry.queries.people import today_in
from jiugong.registry.queries.units import enterprises_of
from jiugong.screening.actions.laboratories import Terms, contract, keep_laboratory, over_in_words
from jiugong.screening.models import Laboratory, Point
from jiugong.screening.queries.laboratories import contracts_of, holds, laboratories_of


def add_parser(commands: Any) -> None:
    """`jiugong laboratory list`, `add` and `contract`."""
    verbs = commands.add_parser("laboratory", help="laboratories and their contracts").add_subparsers(
        required=True, metavar="VERB")
    for name, what, run in (("list", "every laboratory with the contracts that hold today", list_them),
                            ("add", "enter a laboratory, or say anew what it is", add),
                            ("contract", "let it report for a point, an enterprise or the whole park", make_contract)):
        verb = verbs.add_parser(name, help=what)
        verb.add_argument("--park", required=True, metavar="NAME")
        verb.add_argument("--json", action="store_true")
        if name != "list":
            verb.add_argument("name")
        if name == "add":
            verb.add_argument("--credit-code", default="", metavar="CODE")
            verb.add_argument("--contact", default="", metavar="TEXT")
        if name == "contract":
            verb.add_argument("--over", metavar="NAME", help="a point or an enterprise; the whole park without it")
            verb.add_argument("--hours", required=True, type=int, help="from the seal of a tube to its first result")
            verb.add_argument("--from", dest="since", metavar="DAY", help="today without it")
            verb.add_argument("--until", type=is_day, metavar="DAY", help="the first day without it")
            verb.add_argument("--own-rounds", action="store_true", help="the enterprise may open rounds of its own")
        verb.set_defaults(run=run)


def list_them(given: argparse.Namespace) -> int:
    """Say which laboratories there are."""
    park = park_named(given.park)
    held = [each for each in contracts_of(park) if holds(each, today_in(park))]
    rows: list[dict[str, Any]] = [{"name": each.name, "credit_code": each.credit_code, "until": each.until, "contracts": [
        {"over": over_in_words(one), "hours": one.hours, "since": one.since, "until": one.until,
         "own_rounds": one.enterprise_opens} for one in held if one.laboratory_id == each.pk]} for each in laboratories_of(park)]
    answer({"laboratories": rows}, as_json=given.json, text="\n".join(
        f"{row['name']}: {'; '.join('{over} {hours} h'.format(**one) for one in row['contracts']) or '-'}" for row in rows))
    return DONE


def add(given: argparse.Namespace) -> int:
    """Enter a laboratory."""
    kept = keep_laboratory(park_named(given.park), given.name, credit_code=given.credit_code, contact=given.contact,
                           actor=operator())
    answer({"laboratory": kept.name}, as_json=given.json, text=_("%(laboratory)s is kept.") % {"laboratory": kept.name})
    return DONE


def make_contract(given: argparse.Namespace) -> int:
    """Let a laboratory report."""
    park = park_named(given.park)
    laboratory = Laboratory.objects.filter(park=park, key=name_key(given.name)).first()
    if laboratory is None:
        raise NotHere()
    terms = Terms(hours=given.hours, since=day_of(given.since, park.zone), until=given.until,
                  enterprise_opens=given.own_rounds)
    made = contract(laboratory, terms, actor=operator(), **_over(park, given.over))
    answer({"laboratory": laboratory.name, "over": over_in_words(made), "hours": made.hours, "since": made.since,
            "until": made.until}, as_json=given.json,
           text=_("The contract with %(laboratory)s is kept.") % {"laboratory": laboratory.name})
    return DONE


def _over(park: Park, name: str | None) -> dict[str, Any]:
    """The point or the enterprise of this name. Raises NotHere."""
    if not name:
        return {}
    key = name_key(name)
    unit = enterprises_of(park).filter(key=key).first()
    point = None if unit else Point.objects.filter(park=park, key=key).first()
    if unit is None and point is None:
        raise NotHere()
    return {"unit": unit, "point": point}
