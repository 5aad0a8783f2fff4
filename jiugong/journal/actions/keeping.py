"""Keeping notes and looks, which come through the ports of `lib/acting.py`, and what a device let go of."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from jiugong.journal.models import Entry, LookUp
from jiugong.lib.acting import Actor, Look, Note, note
from jiugong.registry.models import Park

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
