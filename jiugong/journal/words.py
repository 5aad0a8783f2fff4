"""The journal's verbs, fields and facts in words; what is not listed here stands as it was written."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiugong.accounts.roles import AccountRole
from jiugong.registry.words import BodyKind, Role, Shift, Status, Tier

VERBS: Mapping[str, Any] = {
    "body.created": gettext_lazy("set up a group"), "body.seated": gettext_lazy("seated somebody in a group"),
    "body.unseated": gettext_lazy("ended a seat in a group"), "charge.ended": gettext_lazy("relieved somebody"),
    "charge.given": gettext_lazy("put somebody in charge"), "excuse.given": gettext_lazy("excused somebody"),
    "excuse.withdrawn": gettext_lazy("withdrew an excuse"), "keys.rotated": gettext_lazy("changed the keys"),
    "mapping.saved": gettext_lazy("saved a mapping"), "park.created": gettext_lazy("created the park"),
    "person.left": gettext_lazy("noted that somebody left"), "policy.adopted": gettext_lazy("adopted a release"),
    "results.imported": gettext_lazy("took in results"), "retests.opened": gettext_lazy("opened single retests"),
    "role.granted": gettext_lazy("gave a role"), "role.revoked": gettext_lazy("ended a role"),
    "roster.changed": gettext_lazy("changed the roster"), "roster.imported": gettext_lazy("took in a roster"),
    "round.opened": gettext_lazy("opened a round"), "point.set_up": gettext_lazy("set up a sampling point"),
    "scans.imported": gettext_lazy("took in scans"),
    "token.created": gettext_lazy("made a token"), "token.withdrawn": gettext_lazy("withdrew a token"),
    "tube.sealed": gettext_lazy("sealed a tube"), "user.created": gettext_lazy("invited a user"),
    "user.password_set": gettext_lazy("set a password"), "walk_ins.matched": gettext_lazy("matched walk-ins"),
}
FIELDS: Mapping[str, Any] = {
    "id_number": gettext_lazy("ID number"), "phone": gettext_lazy("Phone"), "page": gettext_lazy("Page"),
    "list": gettext_lazy("List of names"), "figure": gettext_lazy("Rows of a figure"), "tube": gettext_lazy("Tube"),
    "standing": gettext_lazy("What holds now"),
}
FACTS: Mapping[str, Any] = {
    "role": gettext_lazy("role"), "over": gettext_lazy("over what"), "since": gettext_lazy("from"),
    "until": gettext_lazy("until"), "on": gettext_lazy("from"), "name": gettext_lazy("name"),
    "username": gettext_lazy("signs in as"), "field": gettext_lazy("what"), "before": gettext_lazy("before"),
    "after": gettext_lazy("after"), "created": gettext_lazy("new"), "changed": gettext_lazy("changed"),
    "left": gettext_lazy("left"), "refused": gettext_lazy("bad rows"), "holds_from": gettext_lazy("holds from"),
    "from_day": gettext_lazy("from"), "reason": gettext_lazy("reason"), "body": gettext_lazy("group"),
    "tier": gettext_lazy("tier"), "duty": gettext_lazy("duty"), "people": gettext_lazy("people"),
    "kind": gettext_lazy("kind"), "round": gettext_lazy("round"), "tube": gettext_lazy("tube"),
    "rounds": gettext_lazy("rounds"), "points": gettext_lazy("points"), "tubes": gettext_lazy("tubes"),
    "specimens": gettext_lazy("specimens"), "results": gettext_lazy("results"),
}
# what a page writes by itself, when it was opened; a reason that somebody typed is shown as it was typed
OPENED: Mapping[str, Any] = {
    "opened a list of names": gettext_lazy("opened a list of names"),
    "opened the person's page": gettext_lazy("opened the person's page"),
    "opened a tube's page": gettext_lazy("opened a tube's page"),
}
ROOMS = (Role, AccountRole, Tier, Status, Shift, BodyKind)


def verb_in_words(verb: str) -> str:
    """What was done."""
    return str(VERBS.get(verb, verb))


def fields_in_words(fields: str) -> str:
    """What was looked at."""
    return _(", ").join(str(FIELDS.get(field, field)) for field in fields.split(","))


def reason_in_words(reason: str) -> str:
    """Why somebody looked."""
    return str(OPENED.get(reason, reason))


def facts_in_words(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The facts of an entry; fingerprints and empty ones are left out."""
    return [(str(FACTS.get(name, name)), _said(value)) for name, value in facts.items()
            if value not in ("", None) and name != "effect"]


def _said(value: Any) -> str:
    known = next((room(value).label for room in ROOMS if isinstance(value, str) and value in room.values), value)
    return str(known)
