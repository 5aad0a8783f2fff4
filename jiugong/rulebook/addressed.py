"""Who owes a duty, in plain words: people on duty who live in a dormitory, every team, every gate and bus."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jiugong.policy import Comparison, Condition
from jiugong.registry.words import EnterpriseKind, PlaceKind, Shift, Status, UnitKind
from jiugong.rulebook.words import AreaLevel, Regime, Risk

PEOPLE = {"on_duty": _("people on duty"), "on_leave": _("people on leave"), "off_post": _("people off post"),
          "isolated": _("people in isolation")}
UNITS = {"enterprise": _("every enterprise"), "workshop": _("every workshop"), "team": _("every team")}
ALL = {"person": _("everybody"), "unit": _("every enterprise, workshop and team"), "place": _("every place")}

# one fact with the value that it needs; `%(which)s` are the values in words
SAID = {"shift": _("on this shift: %(which)s"), "post": _("on this post: %(which)s"),
        "area": _("in an area of this level: %(which)s"),
        "enterprise_kind": _("in an enterprise of this kind: %(which)s"),
        "regime": _("in an enterprise under this regime: %(which)s"),
        "risk": _("in an enterprise of this risk: %(which)s"), "kind": _("of this kind: %(which)s"),
        "status": _("with this status: %(which)s"), "arrived_on": _("who came on: %(which)s")}
NOT_SAID = {"shift": _("not on this shift: %(which)s"), "post": _("not on this post: %(which)s"),
            "area": _("in an area, but not of this level: %(which)s"), "kind": _("not of this kind: %(which)s"),
            "enterprise_kind": _("not in an enterprise of this kind: %(which)s"), "status": _("not with this status: %(which)s"),
            "regime": _("in an enterprise not under this regime: %(which)s"), "arrived_on": _("who came, but not on: %(which)s"),
            "risk": _("in an enterprise not of this risk: %(which)s")}
# of an enterprise itself, which is not in an enterprise
OF_ITSELF = {"regime": _("under this regime: %(which)s"), "risk": _("of this risk: %(which)s"),
             "enterprise_kind": _("of this kind: %(which)s")}
YES = {"key_post": _("on a key post"), "in_dormitory": _("who live in a dormitory"), "area": _("in an area with a level on record"),
       "regime": _("in an enterprise with a regime on record"),
       "risk": _("in an enterprise with a risk on record"),
       "arrived_on": _("whose day of arrival is known"), "shift": _("with a shift on record"), "post": _("with a post on record")}
NO = {"key_post": _("not on a key post"), "in_dormitory": _("who do not live in a dormitory"),
      "area": _("where no area level is on record"), "regime": _("where no regime is on record"),
      "risk": _("where no risk is on record"), "arrived_on": _("whose day of arrival is not known"),
      "shift": _("without a shift on record"), "post": _("without a post on record")}
# the closed list from which the values of a fact come; a place may be a site, and an enterprise a (building) site too
LISTS: Mapping[str, Any] = {"status": Status, "shift": Shift, "enterprise_kind": EnterpriseKind, "regime": Regime, "risk": Risk,
                            "area": AreaLevel}
DAYS = {Comparison.AT_LEAST: _("who came on %(which)s or later"), Comparison.AT_MOST: _("who came on %(which)s or earlier")}


def who_in_words(subject: str, conditions: Sequence[Condition]) -> str:
    """Who is meant: first whom it is about, then what narrows them."""
    about = "status" if subject == "person" else "kind"
    first = next((one for one in conditions if one.fact == about and one.comparison in (Comparison.IS, Comparison.IN)), None)
    said = _first(subject, first)
    own = OF_ITSELF if subject == "unit" and first and _values(first) == ("enterprise",) else {}
    for one in conditions:
        if one is not first:
            said = gettext("%(who)s, %(narrower)s") % {"who": said, "narrower": _narrows(one, subject, SAID | own)}
    return said


def _first(subject: str, one: Condition | None) -> str:
    if one is None:
        return str(ALL[subject])
    values = [str(value) for value in _values(one)]
    known: Mapping[str, Any] = {"person": PEOPLE, "unit": UNITS}.get(subject, {})
    if all(value in known for value in values):
        return gettext(", ").join(str(known[value]) for value in values)
    return gettext("every place of these kinds: %(which)s") % {"which": _listed(one, subject)}


def _narrows(one: Condition, subject: str, said: Mapping[str, Any]) -> str:
    if isinstance(one.needed, bool):
        yes = one.needed if one.comparison is not Comparison.IS_NOT else not one.needed
        return str((YES if yes else NO).get(one.fact, one.fact))
    which = {"which": _listed(one, subject)}
    if one.comparison in DAYS:
        return str(DAYS[one.comparison]) % which
    opposite = one.comparison in (Comparison.IS_NOT, Comparison.NOT_IN)
    return str((NOT_SAID if opposite else said)[one.fact]) % which


def _values(one: Condition) -> tuple[object, ...]:
    return one.needed if isinstance(one.needed, tuple) else (one.needed,)


def _listed(one: Condition, subject: str) -> str:
    words: Any = LISTS.get(one.fact)
    if one.fact == "kind":
        words = UnitKind if subject == "unit" else PlaceKind
    return gettext(", ").join(
        str(words(value).label) if words and value in words.values else str(value) for value in _values(one))
