"""Notices of a period, and whom they were written to, sent, delivered, read and confirmed, within the reach."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet

from jiugong.briefs.language import in_language
from jiugong.briefs.rows.line import Line
from jiugong.briefs.scope import Scope
from jiugong.journal.models import Message, MessageKind, Notice
from jiugong.journal.queries.notices import arrived_by
from jiugong.journal.stages import ARRIVED, Stage
from jiugong.lib import days
from jiugong.policy.citations import Words
from jiugong.registry.models import Posting, holds_on
from jiugong.registry.queries.people import is_whole, within

Rows = Callable[[Scope], Iterable[Line]]
Count = Callable[[Scope], int]
SENT, DELIVERED = [stage.value for stage in ARRIVED], [Stage.DELIVERED.value]
AT_ONCE = 500


def _to(scope: Scope, only: Q | None = None, stages: list[str] | None = None) -> QuerySet[Message]:
    """The messages by which notices of the period were written; of people on the reach's branches, and all of a whole park."""
    rows = Message.objects.filter(only or Q(), park=scope.park, kind=MessageKind.NOTICE, notice__isnull=False,
                                  written_at__gte=scope.start, written_at__lt=scope.end)
    if not is_whole(scope.park, scope.reach):
        posted = Posting.objects.filter(holds_on(scope.last), within(scope.reach), park=scope.park)
        rows = rows.filter(to_person__in=posted.values("person"))
    if scope.text:
        rows = rows.filter(Q(to_person__name__icontains=scope.text) | Q(to_user__name__icontains=scope.text)
                           | Q(notice__title_zh__icontains=scope.text))
    return rows.filter(arrived_by(stages)) if stages else rows


def _lines(scope: Scope, rows: QuerySet[Message]) -> Iterable[Line]:
    wanted = (rows.select_related("notice", "to_person", "to_user").defer("notice__attachment_sealed")
              .order_by("-written_at", "to_person__name", "to_user__name", "pk"))
    for each in wanted.iterator(chunk_size=AT_ONCE):
        notice, who = each.notice, each.to_person or each.to_user
        if notice is None:
            continue
        yield Line(facts={
            "name": who.name if who else "", "title": in_language(_titles(notice)),
            "written_at": days.local(each.written_at, scope.park.zone),
            "read_at": days.local(each.read_at, scope.park.zone) if each.read_at else "",
            "acknowledged_at": days.local(each.acknowledged_at, scope.park.zone) if each.acknowledged_at else ""})


def _titles(notice: Notice) -> Words:
    return Words(zh_hans=notice.title_zh, en=notice.title_en or notice.title_zh)


def _told(only: Callable[[Scope], Q], stages: list[str] | None = None) -> tuple[Rows, Count]:
    return (lambda scope: _lines(scope, _to(scope, only(scope), stages)), lambda scope: _to(scope, only(scope), stages).count())


def _notices(scope: Scope) -> QuerySet[Notice]:
    told = Notice.objects.filter(pk__in=_to(scope).values("notice"))
    return told.select_related("keeper").defer("attachment_sealed").order_by("-written_at", "-pk")


def notices(scope: Scope) -> Iterable[Line]:
    for each in _notices(scope):
        yield Line(facts={"title": in_language(_titles(each)), "kind": each.kind, "written_by": each.written_by_name,
                          "keeper": each.keeper.name, "written_at": days.local(each.written_at, scope.park.zone)})


def count_notices(scope: Scope) -> int:
    return _notices(scope).count()


def _open(scope: Scope) -> Q:
    unread = Q(read_at__isnull=True) | Q(read_at__gt=scope.as_of)
    unconfirmed = Q(acknowledged_at__isnull=True) | Q(acknowledged_at__gt=scope.as_of)
    return (Q(notice__must_acknowledge=False) & unread) | (Q(notice__must_acknowledge=True) & unconfirmed)


TOLD: Mapping[str, tuple[Any, Any]] = {
    "notices": (notices, count_notices), "notices_written": _told(lambda scope: Q()),
    "notices_sent": _told(lambda scope: Q(), SENT), "notices_delivered": _told(lambda scope: Q(), DELIVERED),
    "notices_read": _told(lambda scope: Q(read_at__lte=scope.as_of)),
    "notices_acknowledged": _told(lambda scope: Q(acknowledged_at__lte=scope.as_of)), "notices_open": _told(_open),
}
