"""The journal's thin doors on the command line: messages that leave the house."""

import argparse
import time
from typing import Any

from django.utils.translation import gettext as _

from jiugong.journal.actions.deciding import send_again
from jiugong.journal.actions.notices import remind_keepers
from jiugong.journal.actions.sending import send_due
from jiugong.journal.models import Delivery, DeliveryStage
from jiugong.journal.queries.channels import deliveries_of, to_decide_in
from jiugong.journal.sending_words import reason_of_delivery
from jiugong.lib.acting import operator
from jiugong.lib.commanding import DONE, REFUSED, answer
from jiugong.registry.commands import park_named

EVERY = 5.0                                  # seconds
MOST_LISTED = 200


def add_parser(commands: Any) -> None:
    """`jiugong messages send|list|again`."""
    verbs = commands.add_parser("messages", help="what leaves the house: mail, SMS, robots").add_subparsers(
        required=True, metavar="VERB")
    send = verbs.add_parser("send", help="send what is due; the worker does so by itself")
    send.add_argument("--once", action="store_true", help="end when nothing is due any more")
    send.set_defaults(run=send_messages)
    listed = verbs.add_parser("list", help="what is on its way, or could not be sent")
    listed.add_argument("--stage", choices=DeliveryStage.values)
    listed.set_defaults(run=list_deliveries)
    again = verbs.add_parser("again", help="let what could not be sent be sent again; what is uncertain only if named")
    again.add_argument("--stage", choices=["dead", "uncertain"], default="dead")
    again.set_defaults(run=all_again)
    for command in (listed, again):
        command.add_argument("--park", required=True, metavar="NAME")
    for command in (send, listed, again):
        command.add_argument("--json", action="store_true")


def send_messages(given: argparse.Namespace) -> int:
    """Send what is due; without --once until it is stopped."""
    total: dict[str, int] = {}
    while True:
        remind_keepers()
        done = send_due()
        total = {key: total.get(key, 0) + done.get(key, 0) for key in {*total, *done}}
        if given.once and sum(done.values()) == 0:
            break
        if not given.once and sum(done.values()) == 0:
            time.sleep(EVERY)
    told = {stage: total.get(stage, 0) for stage in ("sent", "waiting", "uncertain", "dead", "no_address", "taken_up")}
    answer(told, as_json=given.json, text=_("%(sent)s sent, %(waiting)s to be tried again, %(uncertain)s uncertain, "
                                            "%(dead)s not sent.") % told)
    return DONE


def list_deliveries(given: argparse.Namespace) -> int:
    """What is on its way, without anybody's address."""
    park = park_named(given.park)
    rows = deliveries_of(operator(), park)
    if given.stage:
        rows = rows.filter(stage=given.stage)
    listed = [_as_data(each) for each in rows[:MOST_LISTED]]
    answer({"deliveries": listed, "to_decide": to_decide_in(park).count()}, as_json=given.json, text="\n".join(
        "  ".join((each["key"], each["channel"], each["about"], each["stage"], each["reason"])) for each in listed))
    return REFUSED if given.stage is None and to_decide_in(park).exists() else DONE


def all_again(given: argparse.Namespace) -> int:
    """Let what could not be sent wait for its turn again."""
    park = park_named(given.park)
    changed = sum(send_again(each, actor=operator()) for each in deliveries_of(operator(), park).filter(stage=given.stage))
    answer({"again": changed}, as_json=given.json, text=_("%(count)s wait to be sent again.") % {"count": changed})
    return DONE


def _as_data(each: Delivery) -> dict[str, Any]:
    return {"key": str(each.key), "channel": each.channel.name, "about": each.message.about, "stage": each.stage,
            "reason": reason_of_delivery(each.reason), "tries": each.tries, "not_before": each.not_before, "sent_at": each.sent_at}
