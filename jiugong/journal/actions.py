"""Keeping notes and looks, which come through the ports of `lib/acting.py`; writing messages and reading them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from jiugong.accounts.models import User
from jiugong.journal.models import Entry, LookUp, Message, MessageKind
from jiugong.lib import clock
from jiugong.lib.acting import Actor, Look, Note, note
from jiugong.registry.models import Park, Person

LET_GO = "refused.let_go"


def keep_note(note: Note) -> None:
    """Write what was done as one entry."""
    Entry.objects.create(park_id=note.park_id, verb=note.verb, subject=note.subject[:160], actor=note.actor.key,
                         actor_name=note.actor.name, at=note.at, facts=dict(note.facts))


def keep_look(look: Look) -> None:
    """Write a look as one row for each person looked at."""
    LookUp.objects.bulk_create([
        LookUp(park_id=look.park_id, person_id=person_id, fields=",".join(look.fields), reason=look.reason[:300],
               actor=look.actor.key, actor_name=look.actor.name, at=look.at) for person_id in look.person_ids
    ], batch_size=2000)


@dataclass(frozen=True, kw_only=True)
class LetGo:
    """Something that was refused and is not sent any more. Its shape leaves no room for anybody's data."""

    let_go_id: str
    kind: str
    code: str
    reason: str
    device: str


def keep_letting_go(park: Park, thing: LetGo, *, at: datetime, actor: Actor) -> bool:
    """Note that somebody let go of what was refused on a device. True the first time; the same id again changes nothing."""
    with transaction.atomic():
        Park.objects.select_for_update(no_key=True).get(pk=park.pk)          # the same twice at one moment is once
        if Entry.objects.filter(park=park, verb=LET_GO, subject=f"let_go:{thing.let_go_id}").exists():
            return False
        note(LET_GO, actor=actor, at=at, park_id=park.pk, subject=f"let_go:{thing.let_go_id}", kind=thing.kind, code=thing.code,
             reason=thing.reason, device=thing.device)
        return True


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


def write_messages(park: Park, drafts: Iterable[Draft], *, actor: Actor) -> int:
    """Write messages with the change of which they tell, and say how many are new.

    Called inside the transaction of an action that has judged whether the actor may; the same `once` is written once.
    """
    now, drafts = clock.now(), list(drafts)
    known = set(Message.objects.filter(park=park, client_id__in=[each.once for each in drafts])
                .values_list("client_id", flat=True))
    new = {each.once: each for each in drafts if each.once not in known}
    Message.objects.bulk_create([
        Message(park=park, client_id=each.once, kind=each.kind, about=each.about, to_person=each.to_person,
                to_user=each.to_user, concerns=each.concerns, step=each.step, facts=dict(each.facts), written_at=now,
                written_by=actor.key, written_by_name=actor.name) for each in new.values()
    ], batch_size=500, ignore_conflicts=True)
    return len(new)


def mark_read(messages: QuerySet[Message]) -> int:
    """Note that messages were read, once. The caller asks only for those of the reader."""
    return messages.filter(read_at=None).update(read_at=clock.now())
