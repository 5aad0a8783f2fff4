"""One person's page: who he is, what holds for him now and why, what he has done, who answers for him."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from jiugong.duties.queries import evidence_of, excuses_of
from jiugong.http import actor_of
from jiugong.lib import clock, days
from jiugong.lib.acting import looked
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.registry.queries.charges import answering_for_person
from jiugong.registry.queries.doors import park_for, person_for
from jiugong.registry.queries.people import assignments_of, posting_on, whereabouts
from jiugong.rulebook.queries import duties_on
from jiugong.rulebook.wording import spoken
from jiugong.standing.logic import Because, Holding, Holds
from jiugong.standing.queries import specimens_of, standing_of

ROUND, IN_TUBE = re.compile(r"round (\d+)"), re.compile(r"tube (.+), position (\d+)")
STATES = {Holding.RETEST: "held", Holding.OWES: "missing", Holding.NOT_POSTED: "owed", Holding.EXCUSED: "excused",
          Holding.DONE: "done", Holding.LAST_RESULT: "owed", Holding.POSTED: "owed"}


def person(request: HttpRequest, park: UUID, person: UUID) -> HttpResponse:
    """A person's page. Opening it is a look, and is journalled."""
    actor, at = actor_of(request), clock.now()
    here = park_for(actor, park)
    found = person_for(actor, person)
    if found.park_id != here.pk:
        raise NotHere()
    looked(actor=actor, park_id=here.pk, person_ids=[found.pk], fields=("page",), reason="opened the person's page",
           at=at)
    day = days.day_of(at, here.zone)
    titles = {duty.key: spoken(duty.title) for duty in duties_on(here, day)} | {"*": _("Everything")}
    return render(request, "standing/person.html", {
        "person": found, "crumbs": [(_("People"), reverse("people", args=[here.uid])), (found.name, None)],
        "posting": posting_on(found, day), "assignments": assignments_of(found, day),
        "holds": [_shown(each, titles) for each in standing_of(found, at)],
        "answering": answering_for_person(found, day), "specimens": specimens_of(found, at),
        "evidence": evidence_of(found.pk, at)[:50], "excuses": excuses_of(found.pk, at), "at": at, "zone": here.zone,
        "may_excuse": actor.may(Can.EXCUSE, over=whereabouts(found, day)),
        "may_show": actor.may(Can.SHOW_IDENTITY, over=whereabouts(found, day))})


def _shown(holds: Holds, titles: Mapping[str, str]) -> dict[str, Any]:
    """What holds, in words. `titles` says what the rules of the day are called."""
    about = titles.get(holds.about, holds.about)
    if about.startswith("screening.round."):
        about = _("Round %(number)s") % {"number": about.rpartition(".")[2]}
    words = {
        Holding.RETEST: _("To be sampled alone"), Holding.OWES: _("Owes and has not done it"),
        Holding.NOT_POSTED: _("Not on the roster today"), Holding.EXCUSED: _("Excused"), Holding.DONE: _("Done"),
        Holding.LAST_RESULT: _("Last result"), Holding.POSTED: _("On the roster"),
    }
    return {"state": "late" if holds.late and holds.what is Holding.OWES else STATES[holds.what],
            "words": words[holds.what], "about": about, "since": holds.since, "until": holds.until,
            "because": [_reason(each) for each in holds.because]}


def _reason(because: Because) -> dict[str, str]:
    """One reason in words: what was asked for, what was found, what says so."""
    facts = {"roster": _("Roster"), "on_the_roster": _("Roster"), "status": _("Status"), "excuse": _("Excuse"),
             "result": _("Result")}
    known = {"on duty": _("on duty"), "negative": _("Negative")}
    by = because.by
    if named := ROUND.fullmatch(by):
        by = _("Round %(number)s") % {"number": named[1]}
    elif named := IN_TUBE.fullmatch(by):
        by = _("Tube %(code)s") % {"code": named[1]} + f" · {named[2]}"
    return {"fact": facts.get(because.fact, because.fact), "found": known.get(because.found, because.found),
            "needed": known.get(because.needed, because.needed), "by": by}
