"""What a sender asks: which ways out a park has, by which rules, and how somebody is reached."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from django.conf import settings
from django.db.models import Q, QuerySet

from jiugong.journal.logic.outside import WORDS
from jiugong.journal.logic.quiet import quiet_until, read_hours
from jiugong.journal.models import (
    Channel,
    ChannelKind,
    ContactWays,
    Delivery,
    DeliveryStage,
    Message,
    MessageRules,
    PersonWays,
)
from jiugong.lib import secrets
from jiugong.registry.models import Park, Person

URGENT = ("task", "situation")               # assumption: no source says what may wake somebody


@dataclass(frozen=True, kw_only=True)
class Rules:
    """How a park sends at this time. `is_assumed`: nobody there has said so; the installation's values hold."""

    quiet_from: time
    quiet_until: time
    urgent: tuple[str, ...]
    words: dict[str, str]
    is_assumed: bool

    def waits_until(self, sort: str, moment: datetime, park: Park) -> datetime | None:
        """Until when a message of a kind has to wait at a moment; None where it may go at once."""
        return None if sort in self.urgent else quiet_until(moment, park.zone, self.quiet_from, self.quiet_until)


def rules_of(park: Park) -> Rules:
    """The rules by which a park sends."""
    kept = MessageRules.objects.filter(park=park).first()
    if kept is None:
        start, end = read_hours(settings.QUIET_HOURS)
        return Rules(quiet_from=start, quiet_until=end, urgent=URGENT, words=dict(WORDS), is_assumed=True)
    return Rules(quiet_from=kept.quiet_from, quiet_until=kept.quiet_until, urgent=tuple(kept.urgent), is_assumed=False,
                 words={"zh-hans": kept.words_zh or WORDS["zh-hans"], "en": kept.words_en or WORDS["en"]})


def open_channels(park: Park) -> QuerySet[Channel]:
    """The ways out that a park has now."""
    return Channel.objects.filter(park=park, closed_at=None).order_by("kind", "name")


def due_at(now: datetime) -> QuerySet[Delivery]:
    """What may be sent at a moment, the oldest first; nothing of a channel that rests or is closed."""
    return (Delivery.objects.filter(Q(channel__paused_until__isnull=True) | Q(channel__paused_until__lte=now), not_before__lte=now,
                                    stage=DeliveryStage.WAITING, channel__closed_at__isnull=True).order_by("not_before", "pk"))


def heavy(notice: str) -> list[str]:
    """What of a notice nobody needs who only sends: its text and its attachment, megabytes for each of thousands of rows."""
    return [f"{notice}__{name}" for name in ("attachment_sealed", "text_zh", "text_en")]


@dataclass(frozen=True, kw_only=True)
class Reached:
    """How somebody is reached; what is sealed is opened by whoever sends."""

    language: str
    mail_from: ContactWays | PersonWays | None
    phone_from: ContactWays | PersonWays | Person | None

    def is_reached_by(self, kind: str) -> bool:
        return bool(self.mail_from if kind == ChannelKind.MAIL else self.phone_from)

    def address(self, kind: str) -> str:
        """The mail address or the phone, in full: it goes into the request and nowhere else."""
        if kind == ChannelKind.MAIL:
            return self.mail_from.mail if self.mail_from else ""
        if isinstance(self.phone_from, Person):
            return self.phone_from.open_phone(secrets.ring())
        return self.phone_from.phone if self.phone_from else ""


def reached(messages: Sequence[Message]) -> dict[int, Reached]:
    """How each of some messages reaches whom it is for, by its number. As many questions for many as for one."""
    users = {each.to_user_id for each in messages if each.to_user_id}
    people = {each.to_person_id for each in messages if each.to_person_id}
    people |= {each.to_user.person_id for each in messages if each.to_user and each.to_user.person_id}
    ways = list(ContactWays.objects.filter(Q(user__in=users) | Q(user__person__in=people))
                .select_related("user").order_by("pk"))
    own = {each.user_id: each for each in ways}
    of_person = {each.user.person_id: each for each in ways if each.user.person_id}
    entered = {each.person_id: each for each in PersonWays.objects.filter(person__in=people)}
    posted = Person.objects.filter(pk__in=people, phone_sealed__isnull=False).in_bulk()
    return {each.pk: _reached(each, own, of_person, entered, posted) for each in messages}


def _reached(message: Message, own: dict[int, ContactWays], of_person: dict[int, ContactWays], entered: dict[int, PersonWays],
             posted: dict[int, Person]) -> Reached:
    person = message.to_person_id or (message.to_user.person_id if message.to_user else None)
    known = [each for each in (own.get(message.to_user_id or 0), of_person.get(person or 0), entered.get(person or 0))
             if each]
    return Reached(
        language=next((each.language for each in known if each.language), settings.LANGUAGE_CODE),
        mail_from=next((each for each in known if each.takes_mail), None),
        phone_from=next((each for each in known if each.phone_sealed), None) or posted.get(person or 0))


def first_of_each_matter(messages: Iterable[Message]) -> list[Message]:
    """A group hears of a matter once, however many are told of it themselves."""
    found: dict[tuple[str, str], Message] = {}
    for each in messages:
        found.setdefault((each.about, each.kind), each)
    return list(found.values())
