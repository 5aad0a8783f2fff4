"""The rulebook's own pages beside each other, as far as the actor may open them."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.models import Park

OPEN_TO_ALL = ("rules", "packs", "compare-packs")


def inside(actor: Actor, park: Park, current: str) -> list[dict[str, Any]]:
    """Name and address of each page; `current` is where the reader is."""
    names = {"rules": _("Rules in force"), "packs": _("Packs"), "compare-packs": _("Compare"),
             "supplements": _("Local rules"), "plans": _("Plans"), "gradings": _("Risk"), "zonings": _("Areas"),
             "tiers": _("Tiers")}
    sees = actor.may_somewhere(Can.SEE_BOARD, within=park)
    return [{"name": name, "url": reverse(page, args=[park.uid]), "current": page == current}
            for page, name in names.items() if sees or page in OPEN_TO_ALL]
