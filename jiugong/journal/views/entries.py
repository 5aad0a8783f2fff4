"""The journal's two pages: what was done, and who looked at whom, why."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jiugong.http import actor_of
from jiugong.journal.models import Entry
from jiugong.journal.queries.entries import (
    actors_of,
    at_moment,
    entries_of,
    look_ups_of,
    looks_together,
    moments_of,
    on_day,
    people_called,
    verbs_of,
)
from jiugong.journal.words import actor_in_words, facts_in_words, fields_in_words, reason_in_words, verb_in_words
from jiugong.lib.can import Can
from jiugong.registry.models import Park, Person
from jiugong.registry.queries.doors import park_for

A_PAGE = 50


@require_GET
def journal(request: HttpRequest, park: UUID) -> HttpResponse:
    """What was done in a park, newest first."""
    actor = actor_of(request)
    here = park_for(actor, park)
    entries, day = entries_of(actor, here), _day(request)
    actors, verbs = actors_of(entries), verbs_of(here)
    verb, who = request.GET.get("verb", ""), request.GET.get("actor", "")
    if verb in verbs:
        entries = entries.filter(verb=verb)
    if who in dict(actors):
        entries = entries.filter(actor=who)
    page = _page(request, on_day(entries, day, here) if day else entries)
    people = people_called(here, filter(None, (_person_in(each) for each in page.object_list)))
    return render(request, "journal/journal.html", _around(request, here, day, actors, who) | {
        "page": page, "rows": [_row(each, people) for each in page.object_list],
        "verbs": sorted(((each, verb_in_words(each), each == verb) for each in verbs), key=lambda one: one[1]),
        "is_set": bool(verb or who or day), "may_see_people": actor.may(Can.SEE_PEOPLE, over=here)})


@require_GET
def look_ups(request: HttpRequest, park: UUID) -> HttpResponse:
    """Who looked at whom, why; a look at many is one row that opens."""
    actor = actor_of(request)
    here = park_for(actor, park)
    rows, day = look_ups_of(actor, here), _day(request)
    actors = actors_of(rows)
    who, text, moment = request.GET.get("actor", ""), request.GET.get("q", "").strip(), _moment(request)
    if who in dict(actors):
        rows = rows.filter(actor=who)
    if text:
        rows = rows.filter(person__name__icontains=text) | rows.filter(reason__icontains=text)
    if day:
        rows = on_day(rows, day, here)
    shown = _around(request, here, day, actors, who) | {
        "text": text, "moment": moment, "is_set": bool(who or text or day or moment),
        "may_see_people": actor.may(Can.SEE_PEOPLE, over=here)}
    if moment:
        page = _page(request, at_moment(rows, moment))
        looks = [{"at": each.at, "actor_name": actor_in_words(each.actor, each.actor_name), "people": 1,
                  "reason": reason_in_words(each.reason),
                  "fields": fields_in_words(each.fields), "person": each.person} for each in page.object_list]
    else:
        page = _page(request, moments_of(rows))
        together = list(looks_together(rows.filter(at__in=list(page.object_list))))
        people = people_called(here, (each["one"] for each in together))
        looks = [each | {"actor_name": actor_in_words(each["actor"], each["actor_name"]),
                         "fields": fields_in_words(each["fields"]), "person": people.get(each["one"]),
                         "reason": reason_in_words(each["reason"]), "moment": each["at"].isoformat()} for each in together]
    return render(request, "journal/look_ups.html", shown | {"page": page, "looks": looks})


def _around(request: HttpRequest, park: Park, day: date | None, actors: list[tuple[str, str]],
            who: str) -> dict[str, Any]:
    return {"zone": park.zone, "day": day, "actors": [(key, actor_in_words(key, name), key == who) for key, name in actors]}


def _page(request: HttpRequest, rows: Any) -> Page[Any]:
    return Paginator(rows, A_PAGE).get_page(request.GET.get("page"))


def _day(request: HttpRequest) -> date | None:
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return None


def _moment(request: HttpRequest) -> datetime | None:
    try:
        moment = datetime.fromisoformat(request.GET.get("at", ""))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _person_in(entry: Entry) -> int | None:
    kind, _colon, key = entry.subject.partition(":")
    return int(key) if kind == "person" and key.isdigit() else None


def _row(entry: Entry, people: dict[int, Person]) -> dict[str, Any]:
    """An entry as the page shows it: the person of whom it speaks by name, other things as they were written."""
    person = people.get(_person_in(entry) or 0)
    kind, colon, key = entry.subject.partition(":")
    return {"at": entry.at, "actor_name": actor_in_words(entry.actor, entry.actor_name),
            "what": verb_in_words(entry.verb), "verb": entry.verb,
            "person": person, "subject": "" if person else key if colon and not key.isdigit() else
            "" if colon else kind, "facts": facts_in_words(entry.facts)}
