"""Somebody's days as pages and programs show them: in words, with the source of each stay, and nobody else's name."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jiugong.registry.models import Park, Place
from jiugong.tracing.actions.tracing import Traced
from jiugong.tracing.models import Case, Contact, Presence, Pseudonym, Spot
from jiugong.tracing.queries.history import moment
from jiugong.tracing.queries.whereabouts import Event, History

LOOKS = {"stay": "map-pin", "case": "virus", "contact": "users", "order": "lock"}


def days_as_rows(history: History, park: Park) -> list[dict[str, Any]]:
    """Each day with what happened on it."""
    return [{"day": day, "events": [event_as_row(event, park) for event in events]} for day, events in history.days]


def event_as_row(event: Event, park: Park) -> dict[str, Any]:
    """One event: what it is, where, from when to when, who says so, and whether its end is assumed."""
    row = event.row
    told: dict[str, Any] = {"what": event.what, "icon": LOOKS[event.what], "at": event.at, "hours": "", "source": "",
                            "assumed": False, "more": ""}
    if isinstance(row, Presence):
        return told | {"words": row.spot.name, "kind": str(row.spot.get_kind_display()), "source": row.said_by,
                       "hours": _span(row.entered_at, row.left_at, park), "assumed": row.assumed, "more": row.remark}
    if isinstance(row, Case):
        return told | {"words": _("He became a case: %(stage)s") % {"stage": row.get_stage_display()}, "kind": _("Case"),
                       "hours": _hour(row.opened_at, park)}
    if isinstance(row, Contact):
        places = dict.fromkeys(ground.spot.name for ground in row.grounds.all() if ground.spot)
        return told | {"words": _("He met somebody who is ill: %(class)s") % {"class": row.get_contact_class_display()},
                       "kind": _("Contact"), "hours": _span(row.first_at, row.last_at, park), "more": "、".join(places)}
    return told | {"words": str(row.get_kind_display()), "kind": _("Order"), "source": str(row.get_stage_display()),
                   "hours": _("until %(until)s") % {"until": _long(row.until, park)}}


def assigned_as_rows(history: History) -> list[dict[str, str]]:
    """Where he slept, ate and rode, as the roster says."""
    return [{"kind": str(each.get_kind_display()), "place": _room(each.place),
             "since": str(each.since or ""), "until": str(each.until or "")} for each in history.assigned]


def met_as_rows(traced: Traced, park: Park, *, named: bool) -> list[dict[str, Any]]:
    """Whom he met by the rules of the day: the closest first, each meeting with place, times, source. Named by permission alone."""
    people = {each.number: each for each in Pseudonym.objects.filter(
        park=park, number__in=[found.who for found in traced.found]).select_related("person")}
    places = _places(traced)
    language = "zh-hans" if (get_language() or "").startswith("zh") else "en"
    return [{"name": _name(people.get(found.who)) if named else "", "word": str(found.contact.label),
             "grounds": [_title(traced.grounds.titles, ground, language) for ground in found.grounds],
             "meetings": [{"place": places.get(each.spot, ""), "hours": _span(moment(each.since), moment(each.until), park),
                           "source": each.source, "assumed": each.assumed} for each in found.meetings[:5]],
             "more": max(0, len(found.meetings) - 5)} for found in traced.found]


def _places(traced: Traced) -> dict[int, str]:
    """The names of the spots of all meetings; below zero stand rooms of the roster."""
    wanted = {each.spot for found in traced.found for each in found.meetings}
    rooms = Place.objects.filter(pk__in=[-each for each in wanted if each < 0]).select_related("parent")
    return {spot.pk: spot.name for spot in Spot.objects.filter(pk__in=wanted)} | {
        -room.pk: _room(room) for room in rooms}


def _room(place: Place) -> str:
    return f"{place.parent} {place}" if place.parent and place.parent.parent_id else str(place)


def _name(who: Pseudonym | None) -> str:
    return (who.name or _("on no roster: %(number)s") % {"number": who.masked_id}) if who else ""


def _title(titles: Mapping[str, Mapping[str, str]], ground: str, language: str) -> str:
    said = titles.get(ground, {})
    return said.get(language) or said.get(language.replace("-", "_")) or next(iter(said.values()), ground)


def _span(since: datetime, until: datetime, park: Park) -> str:
    first, last = since.astimezone(park.zone), until.astimezone(park.zone)
    if first.date() == last.date():
        return f"{first:%H:%M}–{last:%H:%M}"
    return f"{first:%m-%d %H:%M} – {last:%m-%d %H:%M}"


def _hour(at: datetime, park: Park) -> str:
    return f"{at.astimezone(park.zone):%H:%M}"


def _long(at: datetime, park: Park) -> str:
    return f"{at.astimezone(park.zone):%Y-%m-%d %H:%M}"
