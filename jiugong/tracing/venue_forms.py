"""What people fill in about venues: a place where a code is to hang, where on the ground it lies, how fast its code changes."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.choosers import Chooser, Chosen, Offer
from jiugong.registry.models import Park, Place
from jiugong.tracing.logic.presence_files import LONGEST_NAME
from jiugong.tracing.logic.venue_codes import PRINTED, SECONDS
from jiugong.tracing.queries.venues import places_kept, places_to_choose
from jiugong.tracing.words import SpotKind

CHANGES = [*((each, _("every %(seconds)s seconds") % {"seconds": each}) for each in SECONDS),
           (PRINTED, _("never: printed on paper"))]


@dataclass(frozen=True)
class PlaceChoice:
    """Places of the ground by their number."""

    actor: Actor
    park: Park
    nothing = "unit_unknown"

    def found(self, text: str) -> list[Offer]:
        """Places by a part of their name."""
        return [_offer(each) for each in places_to_choose(self.actor, self.park, text)]

    def one(self, value: str) -> Offer | None:
        """The place of this number."""
        if not (value.isdecimal() and len(value) <= 18):
            return None
        place = places_kept(self.actor, self.park).filter(pk=int(value)).select_related("parent").first()
        return _offer(place) if place else None


class PlaceForm(forms.Form):
    """Where on the ground a spot lies; empty where this is not known."""

    def __init__(self, *given: Any, actor: Actor, park: Park, **named: Any) -> None:
        super().__init__(*given, **named)
        place = Chooser(label=_("Where on the ground"), required=not actor.may(Can.KEEP_VENUES, over=park))
        place.offers(reverse("choose-places", args=[park.uid]), PlaceChoice(actor, park))
        self.fields["place"] = place
        self.order_fields(self.field_order)


class SpotForm(PlaceForm):
    """A place where a code is to hang."""

    name = forms.CharField(label=_("Name of the place"), max_length=LONGEST_NAME,
                           help_text=_("As people call it, such as 一号楼会议室 or 杨源食堂/033桌."))
    kind = forms.ChoiceField(label=_("Kind of place"), choices=SpotKind.choices, initial=SpotKind.ENCLOSED_SPACE,
                             help_text=_("It says which ground of contact a stay gives, and how long a stay without an end is."))
    seconds = forms.TypedChoiceField(label=_("The code changes"), coerce=int, choices=CHANGES, initial=SECONDS[0])
    field_order = ("name", "kind", "place", "seconds")


class CodeForm(forms.Form):
    """How fast the code at a spot changes."""

    seconds = forms.TypedChoiceField(label=_("The code changes"), coerce=int, choices=CHANGES, initial=SECONDS[0])


def chosen_place(place: Place | None) -> Chosen:
    """What a form begins with where a place is known already."""
    return Chosen(str(place.pk), place.name) if place else Chosen()


def _offer(place: Place) -> Offer:
    return Offer(str(place.pk), place.name, " · ".join(text for text in (str(place.get_kind_display()),
                                                                         place.parent.name if place.parent else "") if text), place)
