"""Notices, those whom they reach, and deliveries, as pages, exports and programs show them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jiugong.journal.models import Delivery, DeliveryStage, Message, Notice, NoticeKind
from jiugong.journal.queries.notices import ARRIVED_STAGES, arrived_by, pending, reach_of
from jiugong.journal.sending_words import reason_of_delivery, sort_in_words
from jiugong.journal.stages import FOR_A_PERSON, Stage
from jiugong.journal.tidings import title_of
from jiugong.registry.models import Park
from jiugong.registry.queries.listed import postings_on
from jiugong.registry.queries.people import today_in

RECIPIENT_STATES = ("sent", "delivered", "read", "acknowledged", "open")
STATE_OF = {Stage.WAITING: "owed", Stage.SENDING: "owed", Stage.UNCERTAIN: "missing", Stage.SENT: "done", Stage.DELIVERED: "done",
            Stage.DEAD: "late", Stage.NO_ADDRESS: "excused"}


def at(moment: datetime | None, park: Park) -> str:
    """A moment as lists show it."""
    return moment.astimezone(park.zone).strftime("%Y-%m-%d %H:%M") if moment else ""


def words_of(notice: Notice) -> tuple[str, str]:
    """The title and text of a notice in the reader's language; in Chinese where there is no English."""
    if (get_language() or "").startswith("zh") or not notice.title_en:
        return notice.title_zh, notice.text_zh
    return notice.title_en, notice.text_en or notice.text_zh


def notice_rows(notices: Sequence[Notice], park: Park, now: datetime) -> list[dict[str, Any]]:
    """Notices with their figures."""
    told = reach_of(notices)
    return [{"uid": each.uid, "title": words_of(each)[0], "kind": each.kind, "word": str(NoticeKind(each.kind).label),
             "at": at(each.written_at, park), "by": each.written_by_name, "keeper": each.keeper.name,
             "deadline": at(each.deadline_at, park), "must_acknowledge": each.must_acknowledge, **told[each.pk],
             "state": _state(each, told[each.pk], now)} for each in notices]


def _state(notice: Notice, told: dict[str, int], now: datetime) -> str:
    if not told["open"]:
        return "done"
    return "late" if notice.deadline_at and notice.deadline_at <= now else "missing"


def narrowed(notice: Notice, rows: QuerySet[Message], state: str, text: str) -> QuerySet[Message]:
    """Those behind one figure of a notice; `text` is a part of a name."""
    if state == "open":
        rows = pending(notice, rows)
    elif state in ("read", "acknowledged"):
        rows = rows.filter(**{f"{state}_at__isnull": False})
    elif state:
        rows = rows.filter(arrived_by(ARRIVED_STAGES if state == "sent" else [Stage.DELIVERED.value]))
    if text:
        rows = rows.filter(to_person__name__icontains=text) | rows.filter(to_user__name__icontains=text)
    return rows


def recipient_rows(messages: Sequence[Message], park: Park) -> list[dict[str, Any]]:
    """Each with where he works, and when it was written, sent, delivered, read and confirmed: what proves that it arrived."""
    posted = postings_on(park, [each.to_person for each in messages if each.to_person], today_in(park))
    rows = []
    for each in messages:
        posting = posted.get(each.to_person_id or 0)
        deliveries = list(each.deliveries.all())
        sent = [one for one in deliveries if one.stage in ARRIVED_STAGES]
        rows.append({
            "name": each.to_person.name if each.to_person else each.to_user.name if each.to_user else "",
            "where": posting.enterprise.name if posting else _("Account") if each.to_user_id else "",
            "written": at(each.written_at, park), "sent": at(min((one.sent_at for one in sent if one.sent_at), default=None), park),
            "channels": "、".join(f"{one.channel.name}（{DeliveryStage(one.stage).label}）" for one in deliveries),
            "delivered": at(min((one.delivered_at for one in sent if one.delivered_at), default=None), park),
            "read": at(each.read_at, park), "acknowledged": at(each.acknowledged_at, park)})
    return rows


def delivery_rows(deliveries: Iterable[Delivery], park: Park) -> list[dict[str, Any]]:
    """Deliveries by the name of whom they are for; never with an address."""
    rows = []
    for each in deliveries:
        message = each.message
        who = message.to_person.name if message.to_person else message.to_user.name if message.to_user else ""
        rows.append({
            "key": each.key, "to": _("the group") if each.channel.is_robot else who, "sort": sort_in_words(message.sort),
            "title": title_of(message), "channel": each.channel.name,
            "stage": str(DeliveryStage(each.stage).label), "code": each.stage,
            "state": STATE_OF[Stage(each.stage)], "reason": reason_of_delivery(each.reason), "tries": each.tries,
            "written": at(each.written_at, park), "sent": at(each.sent_at, park), "delivered": at(each.delivered_at, park),
            "next": at(each.not_before, park) if each.stage == DeliveryStage.WAITING else "",
            "may_decide": each.stage in FOR_A_PERSON or each.stage == DeliveryStage.NO_ADDRESS})
    return rows
