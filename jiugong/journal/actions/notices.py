"""Notices: sent to many, read and acknowledged one by one, reminded of, and kept by somebody until the last one has read it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from jiugong.accounts.models import User
from jiugong.accounts.queries import actor_for
from jiugong.journal.actions.messages import Draft, write_messages
from jiugong.journal.errors import (
    AttachmentNotTaken,
    KeeperCannotSee,
    NothingToAcknowledge,
    NoticeIdReused,
    NoticeMisshapen,
    NoticeReachesNobody,
)
from jiugong.journal.logic.attachments import MOST_BYTES, kind_of, name_for
from jiugong.journal.logic.reach import Reach
from jiugong.journal.models import Message, MessageKind, Notice, NoticeKind
from jiugong.journal.queries.notices import audience_of, may_keep, overdue_notices, pending
from jiugong.lib import clock
from jiugong.lib.acting import Actor, keeper, note
from jiugong.lib.can import Can
from jiugong.registry.models import Park

LONGEST_TITLE, LONGEST_TEXT = 120, 20_000
TOLD_FOR = timedelta(days=3)                 # a deadline that nobody saw for so long is not told of any more


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a notice says. English may be left out; then those who read English read the Chinese."""

    kind: str
    title_zh: str
    text_zh: str
    title_en: str = ""
    text_en: str = ""
    must_acknowledge: bool = False
    deadline_at: datetime | None = None
    attachment_name: str = ""
    attachment: bytes = field(default=b"", repr=False)


@transaction.atomic
def send_notice(park: Park, words: Words, reach: Reach, *, client_id: str, keeper: User, actor: Actor) -> Notice:
    """Write a notice to everybody whom it reaches, and what of it leaves the house. The same id again is the same notice.

    Raises NoticeMisshapen, NoticeReachesNobody, KeeperCannotSee, NoticeIdReused, AttachmentNotTaken.
    """
    actor.must_somewhere(Can.SEND_NOTICES, within=park)
    _judge(words, client_id)
    before = Notice.objects.filter(park=park, client_id=client_id).first()
    if before is not None:
        if (before.title_zh, before.text_zh, before.written_by) != (words.title_zh.strip(), words.text_zh.strip(), actor.key):
            raise NoticeIdReused(client_id=client_id)
        return before
    audience = audience_of(actor, park, reach)
    if not audience.count:
        raise NoticeReachesNobody()
    if not may_keep(actor_for(keeper), audience.branches):
        raise KeeperCannotSee(name=keeper.name)
    notice = Notice(
        park=park, client_id=client_id, kind=words.kind, title_zh=words.title_zh.strip(), title_en=words.title_en.strip(),
        text_zh=words.text_zh.strip(), text_en=words.text_en.strip(), must_acknowledge=words.must_acknowledge,
        deadline_at=words.deadline_at, keeper=keeper, reach=reach.as_data(), branches=list(audience.branches),
        written_at=clock.now(), written_by=actor.key, written_by_name=actor.name)
    _attach(notice, words)
    notice.save()
    facts = {"title": _titles(notice)}
    about = f"notice:{notice.uid}"
    to_people = [Draft(once=f"{about}:p{each.person_id}", kind=MessageKind.NOTICE, about=about, to_person=each.person, facts=facts,
                       notice=notice) for each in audience.people]
    to_users = [Draft(once=f"{about}:u{each.pk}", kind=MessageKind.NOTICE, about=about, to_user=each, facts=facts, notice=notice)
                for each in audience.users]
    note("notice.sent", actor=actor, at=notice.written_at, park_id=park.pk, subject=about, name=notice.title_zh,
         people=audience.count, to=keeper.name)
    write_messages(park, [*to_people, *to_users], actor=actor)
    return notice


def _judge(words: Words, client_id: str) -> None:
    for name, value, longest in (("title_zh", words.title_zh, LONGEST_TITLE), ("text_zh", words.text_zh, LONGEST_TEXT)):
        if not value.strip() or len(value) > longest:
            raise NoticeMisshapen(field=name)
    if len(words.title_en) > LONGEST_TITLE or len(words.text_en) > LONGEST_TEXT:
        raise NoticeMisshapen(field="title_en")
    if words.kind not in NoticeKind.values:
        raise NoticeMisshapen(field="kind")
    if not 6 <= len(client_id) <= 80:
        raise NoticeMisshapen(field="client_id")
    if words.deadline_at and words.deadline_at <= clock.now():
        raise NoticeMisshapen(field="deadline_at")


def _attach(notice: Notice, words: Words) -> None:
    if not words.attachment:
        return
    kind = kind_of(words.attachment)
    if not kind:
        raise AttachmentNotTaken(file=words.attachment_name[:120], megabytes=MOST_BYTES // 2**20)
    notice.attachment_type, notice.attachment_name = kind, name_for(words.attachment_name, kind)
    notice.keep_attachment(words.attachment)


def _titles(notice: Notice) -> dict[str, str]:
    return {"zh-hans": notice.title_zh, "en": notice.title_en or notice.title_zh}


@transaction.atomic
def open_notice(message: Message) -> Message:
    """Whoever it was written to opened it, by his own hand: he has read it, and what reminded him of it too."""
    now = clock.now()
    _his(message).filter(read_at=None).update(read_at=now)
    message.refresh_from_db(fields=["read_at"])
    return message


@transaction.atomic
def acknowledge(message: Message) -> Message:
    """He says that he has read and understood it. Said twice, it was said when it was said first. Raises NothingToAcknowledge."""
    if message.notice is None or not message.notice.must_acknowledge:
        raise NothingToAcknowledge()
    open_notice(message)
    Message.objects.filter(pk=message.pk, acknowledged_at=None).update(acknowledged_at=clock.now())
    message.refresh_from_db(fields=["acknowledged_at"])
    return message


def _his(message: Message) -> QuerySet[Message]:
    return Message.objects.filter(notice=message.notice, to_person_id=message.to_person_id, to_user_id=message.to_user_id)


@transaction.atomic
def remind_rest(notice: Notice, *, remind_id: str, actor: Actor) -> int:
    """Remind everybody who has not read it, or not acknowledged it. The same id again reminds nobody again."""
    if not may_keep(actor, notice.branches):
        actor.must(Can.SEND_NOTICES, over=notice.park)
    if not 6 <= len(remind_id) <= 64:
        raise NoticeMisshapen(field="remind_id")
    about = f"notice:{notice.uid}"
    written = write_messages(notice.park, [
        Draft(once=f"{about}:remind:{remind_id}:{each.pk}"[:120], kind=MessageKind.REMINDER, about=about, to_person=each.to_person,
              to_user=each.to_user, facts={"title": _titles(notice), **_until(notice)}, notice=notice)
        for each in pending(notice).prefetch_related(None)], actor=actor)
    if written:
        note("notice.reminded", actor=actor, at=clock.now(), park_id=notice.park_id, subject=about, name=notice.title_zh,
             people=written)
    return written


def _until(notice: Notice) -> dict[str, object]:
    if not notice.deadline_at:
        return {}
    return {"until": notice.deadline_at.isoformat(), "late": notice.deadline_at <= clock.now()}


@transaction.atomic
def hand_over_notice(notice: Notice, *, to: User, actor: Actor) -> Notice:
    """Somebody else makes sure of it from now on. Raises KeeperCannotSee."""
    if not may_keep(actor, notice.branches):
        actor.must(Can.SEND_NOTICES, over=notice.park)
    if not may_keep(actor_for(to), notice.branches):
        raise KeeperCannotSee(name=to.name)
    before, notice.keeper = notice.keeper.name, to
    notice.save(update_fields=["keeper"])
    note("notice.handed_over", actor=actor, at=clock.now(), park_id=notice.park_id, subject=f"notice:{notice.uid}",
         name=notice.title_zh, before=before, after=to.name)
    return notice


def remind_keepers() -> int:
    """Tell each keeper, once, that the deadline is over and how many are still open. For a clock that runs this again and again."""
    now, told = clock.now(), 0
    for park in Park.objects.filter(notices__deadline_at__lte=now, notices__deadline_at__gt=now - TOLD_FOR).distinct():
        for notice in overdue_notices(park, now):
            if notice.deadline_at and notice.deadline_at > now - TOLD_FOR:
                told += _tell_keeper(notice)
    return told


@transaction.atomic
def _tell_keeper(notice: Notice) -> int:
    left, titles = pending(notice).order_by().count(), _titles(notice)
    title = {"zh-hans": f"通知《{titles['zh-hans']}》到期，还有{left}人未读或未确认",
             "en": f"The notice {titles['en']} is due, and {left} have not read or acknowledged it"}
    return write_messages(notice.park, [Draft(
        once=f"notice:{notice.uid}:deadline:{notice.keeper_id}", kind=MessageKind.TASK, about=f"notice-reach:{notice.uid}",
        to_user=notice.keeper, facts={"title": title})], actor=keeper())

