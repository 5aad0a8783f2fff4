"""A field that is filled by typing and choosing: `parts/chooser.html` shows it, `chooser.js` makes it quick.

It works by mouse, finger and keyboard, and without scripts too: what was typed is looked for when the form arrives, and
where several things are meant they are offered as a list of choices. Other rooms use it for their own forms:

    unit = Chooser(label=_("Enterprise"))
    …
    form.fields["unit"].offers(reverse("choose-units", args=[park.uid]) + "?kinds=enterprise&power=draft_plans",
                               UnitChoice(actor, park, power=Can.DRAFT_PLANS, kinds=("enterprise",)))
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django import forms

from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere, fault_sentence
from jiugong.registry.models import Park, Person, Place, Posting, Unit
from jiugong.registry.queries.choosing import (
    POSTED_TO,
    grounds_to_choose,
    people_to_choose,
    units_to_choose,
    way_to,
)
from jiugong.registry.queries.doors import person_for, place_for, unit_for
from jiugong.registry.queries.listed import postings_on
from jiugong.registry.queries.people import today_in


@dataclass(frozen=True)
class Offer:
    """One thing to choose: what the form sends for it, its name, what stands small beside it, and the thing itself."""

    value: str
    text: str
    beside: str = ""
    thing: Any = None


@dataclass(frozen=True)
class Chosen:
    """What a form sent: the value of an offer, or what somebody only typed."""

    value: str = ""
    text: str = ""

    def __bool__(self) -> bool:
        return bool(self.value or self.text)


class Source(Protocol):
    """Where offers come from. `nothing` is the fault where a text finds nothing."""

    nothing: str

    def found(self, text: str) -> Sequence[Offer]:
        """What is offered for a text."""

    def one(self, value: str) -> Offer | None:
        """The offer of this value, if the actor may choose it."""


class _Hidden(forms.Widget):
    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Chosen:
        return Chosen(str(data.get(name, "")).strip(), str(data.get(f"{name}-text", "")).strip()[:200])

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and f"{name}-text" not in data


class Chooser(forms.Field):
    """A field whose clean value is the chosen thing itself."""

    widget = _Hidden
    is_chooser = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.url = ""
        self.source: Source
        self.several: list[Offer] = []

    def offers(self, url: str, source: Source) -> None:
        """Say where offers come from: an address for the browser, and a source for the server."""
        self.url, self.source = url, source

    def clean(self, value: Chosen) -> Any:
        """The thing that is meant. What was only typed must mean one thing alone."""
        if not value:
            if self.required:
                raise forms.ValidationError(self.error_messages["required"])
            return None
        if value.value and (offer := self.source.one(value.value)):
            return offer.thing
        found = list(self.source.found(value.text)) if value.text else []
        exact = [each for each in found if each.text == value.text]
        if len(found) == 1 or len(exact) == 1:
            return (exact or found)[0].thing
        self.several = found
        raise forms.ValidationError(fault_sentence("several_found" if found else self.source.nothing, {}))


@dataclass(frozen=True)
class UnitChoice:
    """Units by their id."""

    actor: Actor
    park: Park
    power: Can = Can.SEE_BOARD
    kinds: Sequence[str] = POSTED_TO
    nothing = "unit_unknown"

    def found(self, text: str) -> list[Offer]:
        """Units by a part of their name."""
        return [_unit_offer(each) for each in units_to_choose(self.actor, self.park, text, power=self.power, kinds=self.kinds)]

    def one(self, value: str) -> Offer | None:
        """The unit of this id."""
        try:
            unit = unit_for(self.actor, value, self.power)
        except NotHere:
            return None
        return _unit_offer(unit) if unit.park_id == self.park.pk and unit.kind in self.kinds else None


@dataclass(frozen=True)
class ThingChoice:
    """What somebody may be put in charge of: the park, grids, units, as `place:7` and `unit:<id>`."""

    actor: Actor
    park: Park
    power: Can = Can.KEEP_ROSTER
    nothing = "unit_unknown"

    def found(self, text: str) -> list[Offer]:
        """The park and grids first, then units."""
        grounds = grounds_to_choose(self.actor, self.park, text, power=self.power)
        units = units_to_choose(self.actor, self.park, text, power=self.power)
        return [*(_place_offer(each) for each in grounds), *(_unit_offer(each, "unit:") for each in units)]

    def one(self, value: str) -> Offer | None:
        """The place or the unit that is named."""
        kind, _colon, key = value.partition(":")
        try:
            if kind == "place" and key.isdecimal() and len(key) <= 18:
                place = place_for(self.actor, int(key), self.power)
                return _place_offer(place) if place.park_id == self.park.pk else None
            unit = unit_for(self.actor, key, self.power)
        except NotHere:
            return None
        return _unit_offer(unit, "unit:") if unit.park_id == self.park.pk else None


@dataclass(frozen=True)
class PersonChoice:
    """People by their id; beside each name where he is posted today and his masked number."""

    actor: Actor
    park: Park
    nothing = "person_unknown"

    def found(self, text: str) -> list[Offer]:
        """People by a part of the name, or the whole ID number or phone."""
        found = people_to_choose(self.actor, self.park, text)
        posted = postings_on(self.park, found, today_in(self.park))
        return [_person_offer(each, posted.get(each.pk)) for each in found]

    def one(self, value: str) -> Offer | None:
        """The person of this id."""
        try:
            person = person_for(self.actor, value)
        except NotHere:
            return None
        return _person_offer(person, None) if person.park_id == self.park.pk else None


def _unit_offer(unit: Unit, prefix: str = "") -> Offer:
    return Offer(f"{prefix}{unit.uid}", way_to(unit), str(unit.get_kind_display()), unit)


def _place_offer(place: Place) -> Offer:
    return Offer(f"place:{place.pk}", place.name, str(place.get_kind_display()), place)


def _person_offer(person: Person, posting: Posting | None) -> Offer:
    beside = " · ".join(text for text in (way_to(posting.unit) if posting else "", person.masked_phone or person.masked_id) if text)
    return Offer(str(person.uid), person.name, beside, person)


def chosen_unit(unit: Unit | None) -> Chosen:
    """What a form begins with where a unit is known already."""
    return Chosen(str(unit.uid), way_to(unit)) if unit else Chosen()
