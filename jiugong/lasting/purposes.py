"""The purpose register in words: what is kept and why, on what ground, who sees it, until when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from jiugong.accounts.roles import ROLES
from jiugong.lasting.queries.retention import days_kept, days_until_erased
from jiugong.lib import days, keeping
from jiugong.lib.can import Can
from jiugong.lib.keeping import PURPOSES, RETENTIONS
from jiugong.registry.models import Park

# Which power shows what is kept for a purpose. Whom it is about sees his own on his page.
SHOWN_BY = {"roster": Can.SEE_PEOPLE, "sampling": Can.SEE_PEOPLE, "duties": Can.SEE_PEOPLE, "rules": Can.SEE_BOARD,
            "tracing": Can.SEE_INCIDENTS, "reporting": Can.SEE_BOARD, "telling": Can.SEND_NOTICES,
            "audit": Can.READ_JOURNAL, "access": Can.GRANT_ROLES,
            "machinery": Can.RUN_SERVER}
KINDS: dict[str, Any] = {
    "name": pgettext_lazy("of somebody", "name"), "number": gettext_lazy("ID number, sealed"),
    "phone": gettext_lazy("phone, sealed"),
    "index": gettext_lazy("a fingerprint of a number, to find it again"), "account": gettext_lazy("who entered it"),
    "health": gettext_lazy("health: temperature, symptoms, results, reasons"), "words": gettext_lazy("free text"),
    "sealed": gettext_lazy("files, sealed"), "secret": gettext_lazy("what opens a door"), "key": gettext_lazy("what opens a door")}


@dataclass(frozen=True, kw_only=True)
class Register:
    """One purpose as people read it."""

    key: str
    title: str
    kinds: list[str]
    ground: str
    assumption: str
    who: list[str]
    until: list[str]
    rows: int = 0


def register(park: Park, at: datetime, counts: dict[str, int] | None = None) -> list[Register]:
    """The register of a park; with `counts`, only of what is kept about one person."""
    tables = [table for table in keeping.tables().values() if counts is None or table.name in counts]
    shown = []
    for purpose in PURPOSES.values():
        of_it = [table for table in tables if table.purpose == purpose.key]
        if not of_it:
            continue
        told = {str(KINDS[kind.value]) for table in of_it for kind in table.personal.values()}
        kinds = [words for words in dict.fromkeys(map(str, KINDS.values())) if words in told]
        keeps = sorted({table.keep for table in of_it}, key=list(RETENTIONS).index)
        shown.append(Register(
            key=purpose.key, title=in_reader(purpose), kinds=kinds, ground=in_reader(purpose.ground),
            assumption=in_reader(purpose.assumption) if purpose.assumption else "",
            who=who_sees(purpose.key), until=[until_in_words(keep, park, at) for keep in keeps],
            rows=sum((counts or {}).get(table.name, 0) for table in of_it)))
    return shown


def in_reader(thing: Any) -> str:
    """What a purpose, a retention or a sentence of theirs says in the reader's language."""
    return str(thing.en if (get_language() or "").startswith("en") else thing.zh)


def purpose_in_words(key: str) -> str:
    return in_reader(PURPOSES[key]) if key in PURPOSES else key


def who_sees(purpose: str) -> list[str]:
    """The roles that see it, within their reach; and whoever it is about."""
    roles = [str(role.label) for role, powers in ROLES.items() if SHOWN_BY.get(purpose) in powers]
    return roles or [_("whoever runs the server")]


def until_in_words(keep: str, park: Park, at: datetime) -> str:
    """Until when a class of data is kept in a park."""
    day = days.day_of(at, park.zone)
    if keep == "emergency":
        return _("%(what)s; then erased within %(days)s days") % {
            "what": in_reader(RETENTIONS[keep]), "days": days_until_erased(park, day)[0]}
    kept = days_kept(keep, park, day)
    return in_reader(RETENTIONS[keep]) if kept is None else ngettext("%(what)s: %(days)s day", "%(what)s: %(days)s days", kept) % {
        "what": in_reader(RETENTIONS[keep]), "days": kept}
