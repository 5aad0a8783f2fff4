"""Ways of meeting in words: in which kind of place, how near, for how long, and what it makes of somebody."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jiugong.policy.exposures import ExposureTerms

PLACES = {"dorm_room": _("dormitory room"), "workplace": _("workplace"), "canteen_table": _("canteen table"),
          "bus": _("closed air-conditioned bus"), "ventilated_bus": _("ventilated bus"), "enclosed_space": _("enclosed room"),
          "toilet": _("shared toilet"), "lift": _("lift"), "clinic": _("clinic"), "goods": _("goods"), "venue": _("other venue"),
          "gate": _("gate")}
CLASSES = {"close_contact": _("close contact"), "general_contact": _("general contact"),
           "venue_exposure": _("exposed at a venue")}


def exposure_in_words(terms: ExposureTerms) -> str:
    """Who was with a case where, how near and for how long, becomes which kind of contact."""
    parts = [gettext("in one place (%(place)s) at the same time") % {"place": PLACES.get(terms.kind, terms.kind)}]
    nearest, farthest = terms.apart
    if farthest:
        parts.append(gettext("numbers %(nearest)s to %(farthest)s apart") % {"nearest": nearest, "farthest": farthest}
                     if nearest != farthest else gettext("numbers %(apart)s apart") % {"apart": nearest})
    if terms.same_crew:
        parts.append(gettext("of one team and shift"))
    if terms.minutes:
        parts.append(gettext("for at least as many minutes as the release says for such a place"))
    return gettext("Who was with a case %(parts)s is a %(contact)s.") % {
        "parts": gettext(", ").join(parts), "contact": CLASSES.get(terms.contact, terms.contact)}
