"""Saving which of their columns is which of ours, so that the next file is understood without a question."""

from django.db import transaction

from jiugong.lib import clock
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.registry.errors import MappingWrong
from jiugong.registry.logic.headings import the_right_way_round, unknown_in
from jiugong.registry.models import Mapping, Park
from jiugong.registry.queries.mappings import Headings, mapping_called


@transaction.atomic
def save_mapping(park: Park, name: str, headings: Headings, *, actor: Actor) -> Mapping:
    """Save a mapping under a name; the same name again replaces it. It may be written either way round.

    Raises MappingWrong where it speaks of sheets or headings that are none of ours.
    """
    actor.must(Can.IMPORT_ROSTERS, over=park)
    if not _is_two_levels(headings):
        raise MappingWrong(wrong='{"人员台账": {"…": "…"}}')
    kept = the_right_way_round(headings)
    wrong = unknown_in(kept)
    if wrong:
        raise MappingWrong(wrong="、".join(wrong))
    now = clock.now()

    mapping, _ = Mapping.objects.update_or_create(park=park, name=name.strip(),
                                                  defaults={"headings": kept, "saved_at": now})

    note("mapping.saved", actor=actor, at=now, park_id=park.pk, subject=f"mapping:{mapping.pk}", name=mapping.name)
    return mapping


@transaction.atomic
def delete_mapping(park: Park, name: str, *, actor: Actor) -> None:
    """Let go of a saved mapping. Raises MappingUnknown."""
    actor.must(Can.IMPORT_ROSTERS, over=park)
    mapping_called(park, name)

    Mapping.objects.filter(park=park, name=name).delete()

    note("mapping.deleted", actor=actor, at=clock.now(), park_id=park.pk, subject=f"mapping:{name}", name=name)


def _is_two_levels(headings: object) -> bool:
    """A mapping comes from outside: is it sheets, and below each of them headings?"""
    return isinstance(headings, dict) and all(
        isinstance(pairs, dict) and all(isinstance(text, str) for pair in pairs.items() for text in pair)
        for pairs in headings.values())
