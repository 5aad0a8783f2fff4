"""A change of an import in words: whose, what, before and after."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiugong.registry.words import EnterpriseKind, Role, Shift, Status

WHAT = {
    "name": gettext_lazy("Name"), "phone": gettext_lazy("Phone"), "remark": gettext_lazy("Remark"),
    "unit": gettext_lazy("Team"), "post": gettext_lazy("Post"), "shift": gettext_lazy("Shift"),
    "key_post": gettext_lazy("Key post"), "status": gettext_lazy("Status"), "arrived_on": gettext_lazy("Arrived on"),
    "dorm_room": gettext_lazy("Dormitory room"), "canteen_table": gettext_lazy("Canteen table"),
    "bus": gettext_lazy("Commuter bus"), "address": gettext_lazy("Address"), "kind": gettext_lazy("Kind"),
    "credit_code": gettext_lazy("Credit code"), "grid": gettext_lazy("Grid"), "charge": gettext_lazy("Who answers"),
}
WORDS = {"status": Status, "shift": Shift, "kind": EnterpriseKind}


@dataclass(frozen=True)
class Told:
    """One change as a row of the page."""

    whose: str
    what: str
    before: str
    after: str


def in_words(change: tuple[str, str, str, str]) -> Told:
    """The change with the words of the house instead of stored ones."""
    whose, what, before, after = change
    if what == "charge" and whose in Role.values:
        whose = str(Role(whose).label)
    return Told(whose, str(WHAT.get(what, what)), _value(what, before), _value(what, after))


def _value(what: str, stored: str) -> str:
    if what == "key_post":
        return _("Yes") if stored == "True" else _("No")
    words = WORDS.get(what)
    return str(words(stored).label) if words and stored in words.values else stored
