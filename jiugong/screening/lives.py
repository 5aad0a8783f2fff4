"""The life of a tube as a page tells it: opened, filled, sealed, reported, retested; when, by whom, with what."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiugong.accounts.queries import names_of
from jiugong.journal.models import Entry
from jiugong.lib import days
from jiugong.registry.models import Park
from jiugong.screening.models import Specimen, Tube
from jiugong.screening.queries.tubes import results_of
from jiugong.screening.words import ResultValue

A_MOMENT = timedelta(seconds=1)


def tube_life(tube: Tube, members: Sequence[Specimen], park: Park, at: datetime) -> list[dict[str, Any]]:
    """What happened to a tube until a moment, first thing first; `who` had it in hand then, where that is known."""
    results = list(results_of(tube, at))
    done = _entries(tube, at, [result.received_at for result in results])
    called = names_of([result.reported_by for result in results])
    steps = [(tube.opened_at, _("opened at %(point)s") % {"point": tube.point.name}, _hands(members[:1]))]
    if members:
        first, last = (f(member.sampled_at for member in members) for f in (min, max))
        steps.append((last, ngettext(
            "%(count)s swab, from %(first)s", "%(count)s swabs, from %(first)s", len(members)) % {
                "count": len(members), "first": _clock(first, park)}, _hands(members)))
    sealed_by = next((entry.actor_name for entry in done if entry.verb == "tube.sealed"), "")
    if tube.sealed_at and tube.sealed_at <= at:
        steps.append((tube.sealed_at, _("sealed"), sealed_by or _("with its result")))
    for result in results:
        steps.append((result.reported_at, _("reported %(result)s") % {"result": ResultValue(result.value).label},
                      called.get(result.reported_by, "")))
    for entry in done:
        if entry.verb == "retests.opened" and entry.facts.get("people"):
            steps.append((entry.at, ngettext("%(count)s person to be sampled alone", "%(count)s people to be sampled alone",
                                             entry.facts["people"]) % {"count": entry.facts["people"]}, ""))
        if entry.verb == "scan.undone":
            steps.append((entry.at, _("scan of position %(position)s undone: %(reason)s") % {
                "position": entry.facts.get("position", ""), "reason": entry.facts.get("reason", "")}, entry.actor_name))
    steps.sort(key=lambda step: step[0])
    return [{"at": days.local(moment, park.zone)[5:], "what": what, "who": who} for moment, what, who in steps]


def _entries(tube: Tube, at: datetime, received: Iterable[datetime]) -> list[Entry]:
    """What the journal keeps of a tube, looked for only in the time in which it lived."""
    end = max([tube.sealed_at or at, *received]) + A_MOMENT
    return list(Entry.objects.filter(
        park=tube.park_id, at__gte=tube.opened_at - A_MOMENT, at__lte=min(end, at), subject=f"tube:{tube.code}",
        verb__in=("tube.sealed", "retests.opened", "scan.undone")).order_by("at", "pk"))


def _hands(members: Iterable[Specimen]) -> str:
    """Who scanned, each once, with the devices."""
    named = [member.scanner.name if member.scanner else _("unknown telephone") if member.scanner_index else ""
             for member in members]
    devices = [member.device for member in members]
    return "、".join(dict.fromkeys(part for part in (*named, *devices) if part))


def _clock(moment: datetime, park: Park) -> str:
    return days.local(moment, park.zone)[11:]
