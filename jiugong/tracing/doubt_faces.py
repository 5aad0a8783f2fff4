"""Lines of what is to be verified, in words: who, what is odd, who answers, since when."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.models import Park
from jiugong.registry.queries.choosing import way_to
from jiugong.tracing.queries.doubts import WINDOW, Line
from jiugong.tracing.words import DoubtKind

ICONS = {DoubtKind.UNKNOWN: "user-question", DoubtKind.NEVER_SEEN: "eye", DoubtKind.PHONE_SHARED: "phone",
         DoubtKind.BED_SHARED: "home"}


def doubt_rows(lines: Iterable[Line], park: Park, actor: Actor) -> list[dict[str, Any]]:
    """Each line as pages, workbooks and programs show it."""
    rows = []
    for line in lines:
        kind = line.doubt.kind
        names = [person.name for person in line.people] or ([line.unknown.masked_id] if line.unknown else [])
        rows.append({
            "kind": kind.value, "word": str(kind.label), "icon": ICONS[kind], "about": line.doubt.about, "names": "、".join(names),
            "says": _says(line, park), "unit": way_to(line.unit) if line.unit else "",
            "people": [(person.name, person.uid) for person in line.people],
            "owner": f"{line.answering.person.name} · {line.answering.role.label}" if line.answering else _("park office"),
            "may_settle": line.settled is None and actor.may(Can.KEEP_ROSTER, over=line.unit or park),
            "reason": line.settled.reason if line.settled else "", "by": line.settled.settled_by_name if line.settled else "",
            "at": f"{line.settled.settled_at.astimezone(park.zone):%Y-%m-%d %H:%M}" if line.settled else ""})
    return rows


def _says(line: Line, park: Park) -> str:
    """What is odd, in a sentence."""
    if line.doubt.kind is DoubtKind.UNKNOWN:
        facts = {"count": line.stays, "first": f"{line.first_at.astimezone(park.zone):%m-%d %H:%M}" if line.first_at else "",
                 "last": f"{line.last_at.astimezone(park.zone):%m-%d %H:%M}" if line.last_at else ""}
        return ngettext("%(count)s stay on record, %(first)s to %(last)s", "%(count)s stays on record, %(first)s to %(last)s",
                        line.stays) % facts
    if line.doubt.kind is DoubtKind.NEVER_SEEN:
        return ngettext("on duty, and in no record of the last %(count)s day",
                        "on duty, and in no record of the last %(count)s days", WINDOW) % {"count": WINDOW}
    if line.doubt.kind is DoubtKind.PHONE_SHARED:
        number = line.people[0].masked_phone if line.people else ""
        return _("the same phone %(number)s") % {"number": number}
    house = line.place.parent if line.place else None
    room = f"{house} {line.place}" if house and house.parent_id else str(line.place)
    return _("bed %(bed)s of %(room)s") % {"bed": line.doubt.bed, "room": room}
