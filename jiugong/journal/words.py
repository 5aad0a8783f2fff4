"""The journal's verbs, fields and facts in words; what is not listed here stands as it was written."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from jiugong.accounts.roles import AccountRole
from jiugong.journal.sending_words import sort_in_words
from jiugong.lib.table_words import table_in_words
from jiugong.registry.words import BodyKind, Role, Shift, Status, Tier, UnitKind

VERBS: Mapping[str, Any] = {
    "channel.opened": gettext_lazy("opened a channel"), "channel.changed": gettext_lazy("changed a channel"),
    "channel.closed": gettext_lazy("closed a channel"), "message_rules.set": gettext_lazy("said how the park sends"),
    "notice.sent": gettext_lazy("sent a notice"), "notice.reminded": gettext_lazy("reminded of a notice"),
    "notice.handed_over": gettext_lazy("handed over a notice"),
    "delivery.again": gettext_lazy("let a message be sent again"),
    "delivery.arrived": gettext_lazy("said that a message arrived"),
    "brief.published": gettext_lazy("published a brief"), "figures.filed": gettext_lazy("filed figures"),
    "remit.chosen": gettext_lazy("chose the figures of a group"),
    "emergency.end_proposed": gettext_lazy("proposed that the emergency has ended"),
    "emergency.ended": gettext_lazy("confirmed that the emergency has ended"),
    "emergency.goes_on": gettext_lazy("took back that the emergency has ended"),
    "erasure.proposed": gettext_lazy("proposed to erase what was kept"), "erasure.released": gettext_lazy("released an erasure"),
    "erasure.done": gettext_lazy("erased what was kept"),
    "retention.kept_to": gettext_lazy("deleted what was past its time"),
    "retention.passed": gettext_lazy("looked for what is past its time"),
    "objection.written": gettext_lazy("objected to what is kept"), "objection.answered": gettext_lazy("answered an objection"),
    "backup.made": gettext_lazy("made a backup"), "backup.destroyed": gettext_lazy("destroyed a backup"),
    "backup.drilled": gettext_lazy("tried a backup"), "backup.restored": gettext_lazy("restored a backup"),
    "badge.issued": gettext_lazy("gave badges"), "badge.withdrawn": gettext_lazy("withdrew a badge"),
    "link.issued": gettext_lazy("gave a link to somebody's own page"), "link.withdrawn": gettext_lazy("withdrew a link"),
    "body.created": gettext_lazy("set up a group"), "body.seated": gettext_lazy("seated somebody in a group"),
    "body.unseated": gettext_lazy("ended a seat in a group"), "charge.ended": gettext_lazy("relieved somebody"),
    "charge.given": gettext_lazy("put somebody in charge"), "excuse.given": gettext_lazy("excused somebody"),
    "evidence.checked": gettext_lazy("checked what somebody did"),
    "remote.given": gettext_lazy("let people work from home"), "training.imported": gettext_lazy("took in training"),
    "excuse.withdrawn": gettext_lazy("withdrew an excuse"), "keys.rotated": gettext_lazy("changed the keys"),
    "laboratory.kept": gettext_lazy("entered a laboratory"), "laboratory.ended": gettext_lazy("ended a laboratory"),
    "laboratory.account_tied": gettext_lazy("tied an account to a laboratory"),
    "laboratory.account_untied": gettext_lazy("untied an account from a laboratory"),
    "staff.assigned": gettext_lazy("assigned somebody to a point"),
    "staff.unassigned": gettext_lazy("ended an assignment to a point"),
    "contract.made": gettext_lazy("entered a contract with a laboratory"), "contract.ended": gettext_lazy("ended a contract"),
    "refused.let_go": gettext_lazy("let go of something that was not taken"),
    "day.closed": gettext_lazy("closed a day"), "days.verified": gettext_lazy("verified the closed days"),
    "mapping.saved": gettext_lazy("saved a mapping"), "park.created": gettext_lazy("created the park"),
    "person.hired": gettext_lazy("added somebody to the roster"), "person.changed": gettext_lazy("changed somebody"),
    "person.moved": gettext_lazy("moved somebody"), "unit.added": gettext_lazy("added a unit"),
    "unit.changed": gettext_lazy("changed a unit"), "unit.ended": gettext_lazy("ended a unit"),
    "unit.reopened": gettext_lazy("opened a unit again"), "body.changed": gettext_lazy("changed a group"),
    "body.ended": gettext_lazy("ended a group"), "mapping.deleted": gettext_lazy("deleted a mapping"),
    "person.left": gettext_lazy("noted that somebody left"), "policy.adopted": gettext_lazy("adopted a release"),
    "results.imported": gettext_lazy("took in results"), "retests.opened": gettext_lazy("opened single retests"),
    "role.granted": gettext_lazy("gave a role"), "role.revoked": gettext_lazy("ended a role"),
    "grids.drawn": gettext_lazy("drew grids"), "grid.erased": gettext_lazy("took something off the map"),
    "people.reminded": gettext_lazy("reminded people"),
    "roster.changed": gettext_lazy("changed the roster"), "roster.imported": gettext_lazy("took in a roster"),
    "round.opened": gettext_lazy("opened a round"),
    "round.withdrawn": gettext_lazy("withdrew a round"), "point.set_up": gettext_lazy("set up a sampling point"),
    "points.imported": gettext_lazy("took in sampling points"), "scan.undone": gettext_lazy("undid a scan"),
    "scans.imported": gettext_lazy("took in scans"),
    "token.created": gettext_lazy("made a token"), "token.withdrawn": gettext_lazy("withdrew a token"),
    "plan.drafted": gettext_lazy("wrote a plan"), "plan.submitted": gettext_lazy("handed in a plan"),
    "plan.approved": gettext_lazy("approved a plan"), "plan.returned": gettext_lazy("returned a plan"),
    "plans.revision_due": gettext_lazy("called for revised enterprise plans"),
    "plans.park_revision_due": gettext_lazy("called for revised plans of the park"),
    "supplement.given": gettext_lazy("wrote a local rule"), "supplement.ended": gettext_lazy("ended a local rule"),
    "enterprise.graded": gettext_lazy("graded an enterprise"), "area.zoned": gettext_lazy("entered the level of an area"),
    "area.lifted": gettext_lazy("lifted the level of an area"),
    "sheets.printed": gettext_lazy("printed tube sheets"),
    "conflict.settled": gettext_lazy("settled a conflict between scans"),
    "box.opened": gettext_lazy("opened a box"), "box.sealed": gettext_lazy("sealed a box"),
    "box.dropped": gettext_lazy("put a box away empty"), "box.tube_taken_out": gettext_lazy("took a tube out of a box"),
    "box.handed_over": gettext_lazy("handed a box over"), "box.taken_back": gettext_lazy("took a hand-over back"),
    "box.received": gettext_lazy("received a box"), "box.difference_explained": gettext_lazy("explained counts that differ"),
    "tube.sealed": gettext_lazy("sealed a tube"), "user.created": gettext_lazy("invited a user"),
    "user.tied": gettext_lazy("tied a user to a person"),
    "user.password_set": gettext_lazy("set a password"), "user.password_changed": gettext_lazy("changed his own password"),
    "sessions.ended": gettext_lazy("ended sessions"), "keys.ended": gettext_lazy("ended tokens and links"),
    "second_factor.reset": gettext_lazy("took a second factor away"),
    "second_factor.app_added": gettext_lazy("set up an app as second factor"),
    "second_factor.app_removed": gettext_lazy("removed an app as second factor"),
    "second_factor.passkey_added": gettext_lazy("set up a passkey"),
    "second_factor.passkey_removed": gettext_lazy("removed a passkey"),
    "second_factor.codes_made": gettext_lazy("made new codes on paper"),
    "outside.connected": gettext_lazy("connected an identity elsewhere"),
    "outside.disconnected": gettext_lazy("disconnected an identity elsewhere"),
    "link.made": gettext_lazy("made a link to sign in with"), "link.used": gettext_lazy("signed in with a link"),
    "link.asked": gettext_lazy("sent a link to sign in with, as was asked for"),
    "ways.shown": gettext_lazy("showed that an address reaches him"),
    "ways.set": gettext_lazy("entered where somebody is reached"), "ways.agreed": gettext_lazy("said yes to an address"),
    "ways.refused": gettext_lazy("said that an address is not his"), "ways.looked": gettext_lazy("looked at an address in full"),
    "operator.opened": gettext_lazy("opened an operator's session"), "operator.ended": gettext_lazy("ended an operator's session"),
    "operator.named": gettext_lazy("named an operator"), "operator.dismissed": gettext_lazy("dismissed an operator"),
    "shift.planned": gettext_lazy("planned a shift"), "shift.withdrawn": gettext_lazy("took a shift back"),
    "shift.handed_over": gettext_lazy("handed a shift over"), "shift.taken": gettext_lazy("took a shift over"),
    "case.suspected": gettext_lazy("listed a suspected case"),
    "case.confirmed": gettext_lazy("confirmed a case"),
    "case.ruled_out": gettext_lazy("ruled a case out"),
    "case.contaminated": gettext_lazy("said that a sample was contaminated"),
    "case.recovered": gettext_lazy("said that a case has recovered"),
    "contacts.traced": gettext_lazy("traced contacts"), "contact.added": gettext_lazy("added a contact by judgment"),
    "contact.struck": gettext_lazy("struck a contact from the list"), "step.marked": gettext_lazy("said that a step was done"),
    "orders.seen": gettext_lazy("decided orders as the first of two"), "orders.decided": gettext_lazy("decided orders"),
    "orders.informed": gettext_lazy("informed people of their orders"),
    "orders.controlled": gettext_lazy("said that people are under control"),
     "order.ordered": gettext_lazy("decided an order as the second of two"),
    "presence.imported": gettext_lazy("took in who was where"),
    "incident.opened": gettext_lazy("opened an incident"),
    "drill.began": gettext_lazy("began a drill"),
    "drill.ended": gettext_lazy("ended a drill"),
    "order.answered": gettext_lazy("answered an objection to an order"),
    "report.sent": gettext_lazy("said that a report was sent"),
    "incident.told": gettext_lazy("said when an incident was told"),
    "incident.closed": gettext_lazy("closed an incident"),
    "order.seen": gettext_lazy("decided an order as the first of two"),
    "order.decided": gettext_lazy("decided an order"),
    "order.objected": gettext_lazy("objected to an order"),
    "holds.confirmed": gettext_lazy("confirmed that people are held"),
    "hold.renewed": gettext_lazy("renewed a hold"),
    "order.informed": gettext_lazy("informed somebody of an order"),
    "order.sent": gettext_lazy("handed somebody over"),
    "order.received": gettext_lazy("received somebody"),
    "order.controlled": gettext_lazy("said that somebody is under control"),
    "order.released": gettext_lazy("released somebody"),
    "order.lapsed": gettext_lazy("let an order lapse"),
    "order.withdrawn": gettext_lazy("took an order back"),
    "flagged.imported": gettext_lazy("took in people flagged by other places"),
    "flagged.matched_again": gettext_lazy("found flagged people on the roster"),
    "flagged.confirmed": gettext_lazy("confirmed who a flagged person is"),
    "flagged.refused": gettext_lazy("said that a flagged person is somebody else"),
    "flagged.returned": gettext_lazy("returned flagged people who are not here"),
    "flagged.found": gettext_lazy("found a flagged person"), "flagged.acted": gettext_lazy("acted on a flagged person"),
    "risk_areas.imported": gettext_lazy("took in areas at risk"), "order.proposed": gettext_lazy("proposed an order"),
    "stay.told": gettext_lazy("said where somebody was"), "stay.withdrawn": gettext_lazy("took back where somebody was"),
    "stays.imported": gettext_lazy("took in where people were"), "return.decided": gettext_lazy("decided of a returnee"),
    "quiet.proposed": gettext_lazy("proposed a quiet period"), "quiet.checked": gettext_lazy("checked a quiet period"),
    "presence.sent": gettext_lazy("sent in who was where"), "presence.checked_in": gettext_lazy("checked in at a venue"),
    "presence.checked_out": gettext_lazy("checked out of a venue"), "spot.named": gettext_lazy("named a place for a code"),
    "spot.placed": gettext_lazy("put a place on the ground"), "venue_code.issued": gettext_lazy("hung a venue code"),
    "venue_code.withdrawn": gettext_lazy("withdrew a venue code"), "doubt.settled": gettext_lazy("settled what was to be verified"),
    "case.interviewed": gettext_lazy("wrote down an interview"), "track.told": gettext_lazy("wrote down where a case was"),
    "track.decided": gettext_lazy("said which record holds"),
    "access.reviewed": gettext_lazy("reviewed who may see what"), "walk_ins.matched": gettext_lazy("matched walk-ins"),
}
FIELDS: Mapping[str, Any] = {
    "evidence": gettext_lazy("Evidence"),
    "id_number": gettext_lazy("ID number"), "phone": gettext_lazy("Phone"), "page": gettext_lazy("Page"),
    "list": gettext_lazy("List of names"), "figure": gettext_lazy("Rows of a figure"), "tube": gettext_lazy("Tube"),
    "standing": gettext_lazy("What holds now"), "badge": gettext_lazy("Badge"), "link": gettext_lazy("Link"),
    "mail": gettext_lazy("Mail"),
    "own_page": gettext_lazy("Own page"), "own_copy": gettext_lazy("Copy of what is kept"),
    "objections": gettext_lazy("Objections"), "order": gettext_lazy("Control order"), "whereabouts": gettext_lazy("Whereabouts"),
    "drill": gettext_lazy("Drill"),
}
FACTS: Mapping[str, Any] = {
    "orders": gettext_lazy("orders"), "step": gettext_lazy("step"),
    "tokens": gettext_lazy("tokens"), "links": gettext_lazy("links"),
    "version": gettext_lazy("version"), "regime": gettext_lazy("regime"), "risk": gettext_lazy("risk"),
    "level": gettext_lazy("level"), "due_on": gettext_lazy("due"), "enterprises": gettext_lazy("enterprises"),
    "plans": gettext_lazy("plans"),
    "number": gettext_lazy("number"), "corrects": gettext_lazy("corrects"), "figures": gettext_lazy("figures"),
    "passed": gettext_lazy("good"),
    "role": gettext_lazy("role"), "over": gettext_lazy("over what"), "since": gettext_lazy("from"),
    "until": gettext_lazy("until"), "on": gettext_lazy("from"), "name": gettext_lazy("name"),
    "username": gettext_lazy("signs in as"), "field": gettext_lazy("what"), "before": gettext_lazy("before"),
    "after": gettext_lazy("after"), "created": gettext_lazy("new"), "changed": gettext_lazy("changed"),
    "left": gettext_lazy("left"), "refused": gettext_lazy("bad rows"), "holds_from": gettext_lazy("holds from"),
    "from_day": gettext_lazy("from"), "reason": gettext_lazy("reason"), "body": gettext_lazy("group"),
    "tier": gettext_lazy("tier"), "duty": gettext_lazy("duty"), "people": gettext_lazy("people"),
    "kind": gettext_lazy("kind"), "round": gettext_lazy("round"), "tube": gettext_lazy("tube"),
    "rounds": gettext_lazy("rounds"), "points": gettext_lazy("points"), "tubes": gettext_lazy("tubes"),
    "drawn": gettext_lazy("outlines"), "placed": gettext_lazy("sites placed"), "moved": gettext_lazy("counted elsewhere"),
    "sheets": gettext_lazy("sheets"), "to": gettext_lazy("to whom"),
    "verdict": gettext_lazy("decision"), "of": gettext_lazy("about"), "told": gettext_lazy("told up the chain"),
    "code": gettext_lazy("refused with"), "device": gettext_lazy("device"),
    "position": gettext_lazy("position"), "posts": gettext_lazy("posts"),
    "key_posts_only": gettext_lazy("key posts only"), "pool_size": gettext_lazy("swabs in one tube"),
    "hours": gettext_lazy("hours"), "point": gettext_lazy("point"),
    "specimens": gettext_lazy("specimens"), "results": gettext_lazy("results"), "value": gettext_lazy("result"),
    "day": gettext_lazy("day"), "days": gettext_lazy("days"), "seal": pgettext_lazy("a day", "seal"),
    "missed": gettext_lazy("missed"), "differs": gettext_lazy("rows that differ"), "rows": gettext_lazy("rows"),
    "tables": gettext_lazy("tables"), "list_sha256": gettext_lazy("number of the list"), "made_at": gettext_lazy("made at"),
    "size": gettext_lazy("bytes"), "found": gettext_lazy("was still there"), "channel": gettext_lazy("channel"),
    "quiet": gettext_lazy("quiet hours"), "urgent": gettext_lazy("also in quiet hours"),
    "fields": gettext_lazy("what"), "release": gettext_lazy("release"), "incident": gettext_lazy("incident"),
    "place": gettext_lazy("place"), "seconds": gettext_lazy("seconds"),
    "first": gettext_lazy("first of two"), "because": gettext_lazy("because"),
    "resealed": gettext_lazy("sealed anew"), "dropped": gettext_lazy("old keys dropped"),
    "matched": gettext_lazy("on the roster"),
}
NOT_FOR_PEOPLE = {"effect", "sha256", "person"}             # fingerprints, and an id beside which a name stands
ONTO_A_DEVICE = re.compile(r"took the roster of round (\d+) onto a device")
# what a page writes by itself, when it was opened; a reason that somebody typed is shown as it was typed
OPENED: Mapping[str, Any] = {
    "opened a list of names": gettext_lazy("opened a list of names"),
    "opened an incident": gettext_lazy("opened an incident"),
    "opened a list of contacts": gettext_lazy("opened a list of contacts"),
    "exported a list of contacts": gettext_lazy("exported a list of contacts"),
    "opened a list of orders": gettext_lazy("opened a list of orders"), "printed orders": gettext_lazy("printed orders"),
    "made a report of an incident": gettext_lazy("made a report of an incident"),
    "exported an incident": gettext_lazy("exported an incident"),
    "opened the pictures of an incident": gettext_lazy("opened the pictures of an incident"),
    "exported a list of orders": gettext_lazy("exported a list of orders"),
    "opened a list of evidence": gettext_lazy("opened a list of evidence"),
    "exported a list of evidence": gettext_lazy("exported a list of evidence"),
    "opened a list of excuses": gettext_lazy("opened a list of excuses"),
    "exported a list of excuses": gettext_lazy("exported a list of excuses"),
    "recorded evidence": gettext_lazy("recorded evidence"),
    "opened the person's page": gettext_lazy("opened the person's page"),
    "printed tube sheets": gettext_lazy("printed tube sheets"), "entered a tube sheet": gettext_lazy("entered a tube sheet"),
    "opened the conflicts between scans": gettext_lazy("opened the conflicts between scans"),
    "opened a tube's page": gettext_lazy("opened a tube's page"),
    "downloaded who is missing in a round": gettext_lazy("downloaded who is missing in a round"),
    "opened who has read a notice": gettext_lazy("opened who has read a notice"),
    "looked whom a notice would reach": gettext_lazy("looked whom a notice would reach"),
    "printed badges": gettext_lazy("printed badges"),
    "opened the link to his own page": gettext_lazy("opened the link to his own page"),
    "opened his own page": gettext_lazy("opened his own page"),
    "took a copy of what is kept about him": gettext_lazy("took a copy of what is kept about him"),
    "opened the objections": gettext_lazy("opened the objections"),
    "opened a team's entry": gettext_lazy("opened a team's entry"),
    "listed who missed something on a closed day": gettext_lazy("listed who missed something on a closed day"),
    "api": gettext_lazy("through the interface for programs"),
    "opened the script of a drill": gettext_lazy("opened the script of a drill"),
    "opened a case's interview": gettext_lazy("opened a case's interview"),
    "opened what is to be verified": gettext_lazy("opened what is to be verified"),
    "opened the people flagged by other places": gettext_lazy("opened the people flagged by other places"),
    "opened the returnees": gettext_lazy("opened the returnees"),
    "opened where a returnee was": gettext_lazy("opened where a returnee was"),
    "opened the quiet periods": gettext_lazy("opened the quiet periods"),
}
_values: dict[str, Any] = {value: label for known in (Role, AccountRole, Tier, Status, Shift, BodyKind, UnitKind)
                           for value, label in known.choices} | {
    # what a device sends, and why it lets go of what was not taken
    "scan": gettext_lazy("Scan"), "undo": gettext_lazy("Undo"), "seal": gettext_lazy("Seal of a tube"),
    "entry": gettext_lazy("Team entry"), "box-put": gettext_lazy("Tube into a box"), "box-seal": gettext_lazy("Seal of a box"),
    "box-give": gettext_lazy("Hand-over of a box"), "box-receive": gettext_lazy("Receipt of a box"),
    "entered_wrongly": gettext_lazy("It was entered wrongly"), "done_again": gettext_lazy("It was done again and is recorded"),
    "on_paper": gettext_lazy("It stands on paper"), "something_else": gettext_lazy("Something else")}


def ask_for_words(words: Mapping[str, Any]) -> None:
    """Say what values that a higher room notes are called. Only `jiugong/sources.py` uses this."""
    for value, label in words.items():
        _values.setdefault(value, label)


def actor_in_words(key: str, name: str) -> str:
    """Who did it: people by name, the command line and the house itself in the reader's language."""
    return {"operator": _("Command line"), "keeper": _("Jiugong itself")}.get(key, name) or _("(erased)")


def verb_in_words(verb: str) -> str:
    """What was done."""
    return str(VERBS.get(verb, verb))


def fields_in_words(fields: str) -> str:
    """What was looked at."""
    return _(", ").join(str(FIELDS.get(field, field)) for field in fields.split(","))


def reason_in_words(reason: str) -> str:
    """Why somebody looked."""
    if found := ONTO_A_DEVICE.fullmatch(reason):
        return _("took the roster of round %(number)s onto a device") % {"number": found[1]}
    return str(OPENED.get(reason) or _values.get(reason, reason))


def facts_in_words(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The facts of an entry; fingerprints and empty ones are left out."""
    return [(str(FACTS.get(name, name)), _in_words(name, value)) for name, value in facts.items()
            if value not in ("", None) and name not in NOT_FOR_PEOPLE]


def _in_words(name: str, value: Any) -> str:
    if name == "tables":
        return _(", ").join(table_in_words(each, get_language()) for each in str(value).split(", "))
    if name == "urgent":
        return _(", ").join(sort_in_words(each.strip()) for each in str(value).split(","))
    return _said(value)


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(_values.get(value, value) if isinstance(value, str) else value)
