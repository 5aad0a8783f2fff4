"""The outbox in words: kinds of messages, and why a delivery is where it is."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from jiugong.journal.models import MessageKind, NoticeKind

SORTS: Mapping[str, Any] = {**{value: label for value, label in MessageKind.choices if value != MessageKind.NOTICE},
                            **dict(NoticeKind.choices), MessageKind.NOTICE.value: _("Other notice")}

REASONS: Mapping[str, Any] = {
    "": "", "sender_gone": _("the sender stopped in the middle"), "too_often": _("the gateway asks for time"),
    "busy": _("the gateway is busy"), "not_done": _("the gateway says that it was not done"),
    "refused": _("the gateway refuses it"), "no_answer": _("the gateway took it and did not answer"),
    "not_understood": _("the gateway's answer cannot be read"), "not_reached": _("the gateway cannot be reached"),
    "not_listed": _("this server may not send there: JIUGONG_GATEWAYS, JIUGONG_SMTP_URL"),
    "no_address": _("no address is known any more"), "keys_lost": _("the keys of this installation do not open it"),
    "again": _("somebody let it be sent again"), "arrived": _("somebody knows that it arrived"),
    "receipt": _("a receipt came"), "receipt_failed": _("a receipt says that it did not arrive"),
    "channel_closed": _("the channel was closed"),
}


def sort_in_words(sort: str) -> str:
    """What kind of message it is."""
    return str(SORTS.get(sort, sort))


def reason_of_delivery(reason: str) -> str:
    """Why a delivery is where it is."""
    return str(REASONS.get(reason, reason))
