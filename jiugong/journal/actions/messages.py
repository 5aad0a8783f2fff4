"""Writing messages with the change of which they tell, and reading them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from jiugong.accounts.models import User
from jiugong.journal.actions.outbox import lay_out
from jiugong.journal.models import Message, MessageKind, Notice
from jiugong.lib import clock
from jiugong.lib.acting import Actor
from jiugong.registry.models import Park, Person

AT_ONCE = 2000


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A message to be written: to a person or to a user, about what, concerning whom. `once` makes it one message."""

    once: str
    kind: MessageKind
    about: str
    to_person: Person | None = None
    to_user: User | None = None
    concerns: Person | None = None
    step: int = 0
    facts: Mapping[str, object] = field(default_factory=dict)
    notice: Notice | None = None


def write_messages(park: Park, drafts: Iterable[Draft], *, actor: Actor) -> int:
    """Write messages with the change of which they tell, and what of them leaves the house; say how many are new.

    Called inside the transaction of an action that has judged whether the actor may; the same `once` is written once.
    """
    now, drafts = clock.now(), list(drafts)
    known = {one for some in _by(AT_ONCE, [each.once for each in drafts])
             for one in Message.objects.filter(park=park, client_id__in=some).values_list("client_id", flat=True)}
    new = {each.once: each for each in drafts if each.once not in known}
    Message.objects.bulk_create([
        Message(park=park, client_id=each.once, kind=each.kind, about=each.about, to_person=each.to_person,
                to_user=each.to_user, concerns=each.concerns, step=each.step, facts=dict(each.facts), written_at=now,
                written_by=actor.key, written_by_name=actor.name, notice=each.notice) for each in new.values()
    ], batch_size=500, ignore_conflicts=True)
    lay_out(park, list(new))
    return len(new)


def _by(size: int, listed: Sequence[str]) -> Iterator[Sequence[str]]:
    """A long list in parts, as a database takes them."""
    return (listed[start:start + size] for start in range(0, max(len(listed), 1), size))


def mark_read(messages: QuerySet[Message]) -> int:
    """Note that messages were read, once. The caller asks only for those of the reader.

    A notice is read where it is opened (`notices.open_notice`), and not because its title stood in a list.
    """
    return messages.filter(read_at=None).exclude(notice__isnull=False, kind=MessageKind.NOTICE).update(read_at=clock.now())
