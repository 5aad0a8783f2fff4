"""A notice on a worker's own page: without an account, for the holder of the code, read and confirmed by a press of his own."""

from functools import wraps
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from jiugong.journal.actions.notices import acknowledge, open_notice
from jiugong.journal.errors import NoticeUnknown
from jiugong.journal.faces import at, words_of
from jiugong.journal.models import Message, NoticeKind
from jiugong.journal.queries.notices import own_notice
from jiugong.journal.views.reading import as_attachment
from jiugong.registry.models import Badge
from jiugong.registry.queries.badges import address_of
from jiugong.standing.views.worker import OwnView, for_the_holder


def _of_his_own(view: OwnView) -> OwnView:
    """The notice must have been written to the holder: what is hidden and what is not there look alike."""
    @wraps(view)
    def around(request: HttpRequest, shown: str, uid: UUID) -> HttpResponse:
        def opened(request: HttpRequest, badge: Badge) -> HttpResponse:
            return view(request, badge, own_notice(uid, person=badge.person, park=badge.park))
        return for_the_holder(opened)(request, shown)
    return login_not_required(around)


@require_GET
@_of_his_own
def notice(request: HttpRequest, badge: Badge, message: Message) -> HttpResponse:
    """The notice itself. That it was fetched says nothing: programs do so too."""
    if message.notice is None:
        raise NoticeUnknown()
    title, text = words_of(message.notice)
    return render(request, "standing/worker_notice.html", {
        "person": badge.person, "shown": address_of(badge), "notice": message.notice, "title": title, "text": text,
        "message": message,
        "word": str(NoticeKind(message.notice.kind).label), "until": at(message.notice.deadline_at, badge.park),
        "zone": badge.park.zone})


@require_POST
@_of_his_own
def opened(request: HttpRequest, badge: Badge, message: Message) -> HttpResponse:
    """He opens it: it is read."""
    open_notice(message)
    return redirect("me-notice", shown=address_of(badge), uid=message.notice.uid if message.notice else "")


@require_POST
@_of_his_own
def acknowledged(request: HttpRequest, badge: Badge, message: Message) -> HttpResponse:
    """He has read and understood it."""
    acknowledge(message)
    return redirect("me-notice", shown=address_of(badge), uid=message.notice.uid if message.notice else "")


@require_GET
@_of_his_own
def file(request: HttpRequest, badge: Badge, message: Message) -> HttpResponse:
    """Its attachment."""
    if message.notice is None:
        raise NoticeUnknown()
    return as_attachment(message.notice)
