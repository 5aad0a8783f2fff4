"""Long work for programs and for the bar on the page: how far it is, and calling it off. Only its owner sees it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from jiugong.http import actor_of
from jiugong.work.actions import cancel
from jiugong.work.answering import as_data
from jiugong.work.queries import job_for

router = Router(tags=["work"])
AGAIN = "1"                                                  # seconds


@router.get("/{uid}")
def job(request: HttpRequest, uid: UUID, response: HttpResponse) -> dict[str, Any]:
    """How far a piece of work is. While it is not done, `Retry-After` says when to ask again."""
    found = job_for(actor_of(request), uid)
    if found.is_unfinished:
        response.headers["Retry-After"] = AGAIN
    return as_data(found)


@router.post("/{uid}/cancel")
def call_off(request: HttpRequest, uid: UUID) -> dict[str, Any]:
    """Call it off: what waits is not begun, what is being done stops at its next step and gives back what it wrote."""
    actor = actor_of(request)
    return as_data(cancel(job_for(actor, uid), actor=actor))
