"""Keeping notes and looks. Called through the ports of `lib/acting.py`, never directly."""

from jiugong.journal.models import Entry, LookUp
from jiugong.lib.acting import Look, Note


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
