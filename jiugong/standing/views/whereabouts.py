"""Where I was in the last fourteen days: what the park's records say, by which source. Of others it names nobody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jiugong.lib import clock, days
from jiugong.lib.acting import looked
from jiugong.registry.models import Badge
from jiugong.registry.queries.badges import address_of
from jiugong.standing.actions import himself
from jiugong.standing.views.worker import for_the_holder
from jiugong.tracing.actions.pseudonyms import pseudonym_of
from jiugong.tracing.queries.whereabouts import history_of
from jiugong.tracing.whereabouts_faces import assigned_as_rows, days_as_rows


@require_GET
@for_the_holder
def own_days(request: HttpRequest, badge: Badge) -> HttpResponse:
    """His own days. Opening them is a look of the person at himself, and is journalled as such."""
    person, at = badge.person, clock.now()
    looked(actor=himself(person), park_id=person.park_id, person_ids=[person.pk], fields=("whereabouts",),
           reason="opened his own page", at=at)
    history = history_of(pseudonym_of(person), person.park, days.day_of(at, badge.park.zone))
    return render(request, "standing/own_days.html", {
        "person": person, "shown": address_of(badge), "days": days_as_rows(history, badge.park), "history": history,
        "assigned": assigned_as_rows(history), "language_next": request.path})
