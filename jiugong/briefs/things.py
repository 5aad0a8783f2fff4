"""Units and places at the end of the board, where a duty is asked of them and not of people."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet

from jiugong.briefs.board import SHOWN, Question
from jiugong.registry.models import Park, Place, Unit
from jiugong.registry.queries.charges import Answering, answering_for
from jiugong.registry.queries.over import answering_over
from jiugong.registry.queries.units import enterprises_of, grids_on, steps


def things(question: Question, show: str) -> QuerySet[Any]:
    """The units or places that owe a duty, have done it, are excused or are missing, by the way down to them."""
    asked = question.asked()
    rows: QuerySet[Any] = asked.owed if show == "owed" else getattr(asked, SHOWN.get(show, "missing"))()
    return rows.select_related("parent", "enterprise").order_by("path") if question.subject == "unit" else (
        rows.select_related("parent").order_by("path"))


def thing_faces(page: Iterable[Unit | Place], question: Question, park: Park, show: str) -> list[dict[str, Any]]:
    """Each with the enterprise and the grid it belongs to, who answers for it, and its state."""
    listed = list(page)
    missing = "late" if question.is_late else "missing"
    done, excused = _done(question, listed) if show == "owed" else (set(), set())
    firms = _firms(park, listed)
    grid_of, chains = grids_on(park, question.day), _chains(question, listed, firms)
    faces = []
    for each in listed:
        firm, answering = firms.get(each.pk), chains.get(each.pk, [])
        grid = grid_of.get(firm.pk) if firm else None
        state = show if show in ("done", "excused") else missing if show == "missing" else (
            "done" if each.pk in done else "excused" if each.pk in excused else missing)
        faces.append({"name": each.name, "kind": each.get_kind_display(), "state": state, "grid": grid.name if grid else "",
                      "enterprise": firm.name if firm and firm.name != each.name else "",
                      "owner": answering[0].person.name if answering else "",
                      "role": str(answering[0].role.label) if answering else ""})
    return faces


def _done(question: Question, listed: Sequence[Unit | Place]) -> tuple[set[int], set[int]]:
    asked = question.asked(pk__in=[each.pk for each in listed])
    return (set(asked.done_rows().values_list("pk", flat=True)), set(asked.excused_rows().values_list("pk", flat=True)))


def _firms(park: Park, listed: Sequence[Unit | Place]) -> dict[int, Unit]:
    """The enterprise of each: its own, or the one on whose site it lies."""
    units = {each.pk: each.enterprise for each in listed if isinstance(each, Unit) and each.enterprise}
    places = [each for each in listed if isinstance(each, Place)]
    if not places:
        return units
    by_site = {unit.site_id: unit for unit in enterprises_of(park)}
    return {place.pk: by_site[step] for place in places for step in steps(place.path) if step in by_site}


def _chains(question: Question, listed: Sequence[Unit | Place], firms: dict[int, Unit]) -> dict[int, list[Answering]]:
    """Who answers, the nearest first: for a place whoever is in charge of it, then of the enterprise on its ground."""
    units = [each for each in listed if isinstance(each, Unit)]
    places = [each for each in listed if isinstance(each, Place)]
    if units:
        return answering_for(units, question.day)
    direct = answering_over(places, question.day)
    above = answering_for({firms[place.pk] for place in places if place.pk in firms}, question.day)
    return {place.pk: [*direct.get(place.pk, []), *(above.get(firms[place.pk].pk, []) if place.pk in firms else [])]
            for place in places}
