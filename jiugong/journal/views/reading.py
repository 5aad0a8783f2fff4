"""A notice for whoever it was written to: read, opened by his own hand, confirmed; and its attachment.

To open an address is not to have read it: programs that look at links for others do so too. It counts when somebody presses.
"""

from typing import cast
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages as said
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jiugong.accounts.models import User
from jiugong.http import actor_of
from jiugong.journal.actions.notices import acknowledge, open_notice
from jiugong.journal.errors import NoticeUnknown
from jiugong.journal.faces import at, words_of
from jiugong.journal.models import Message, Notice, NoticeKind
from jiugong.journal.queries.notices import notice_for, own_notice
from jiugong.lib.acting import NotAllowed
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_for


@require_GET
def notice(request: HttpRequest, park: UUID, uid: UUID) -> HttpResponse:
    """A notice as it was written; for whoever it was written to with the press that says he has read it."""
    here = park_for(actor_of(request), park)
    message, found = _found(request, here, uid)
    title, text = words_of(found)
    return render(request, "journal/notice.html", {
        "notice": found, "title": title, "text": text, "message": message, "uid": here.uid, "zone": here.zone,
        "word": str(NoticeKind(found.kind).label), "until": at(found.deadline_at, here), "written": at(found.written_at, here),
        "keeps": _keeps(request, here, uid)})


@require_POST
def notice_open(request: HttpRequest, park: UUID, uid: UUID) -> HttpResponse:
    """He opens it: from now on it is read."""
    here = park_for(actor_of(request), park)
    open_notice(own_notice(uid, user=cast(User, request.user), park=here))
    return redirect("notice", park=here.uid, uid=uid)


@require_POST
def notice_acknowledge(request: HttpRequest, park: UUID, uid: UUID) -> HttpResponse:
    """He says that he has read and understood it."""
    here = park_for(actor_of(request), park)
    acknowledge(own_notice(uid, user=cast(User, request.user), park=here))
    said.success(request, _("Confirmed. Thank you."))
    return redirect("notice", park=here.uid, uid=uid)


@require_GET
def notice_file(request: HttpRequest, park: UUID, uid: UUID) -> HttpResponse:
    """The attachment, to be kept and not to be run."""
    _message, found = _found(request, park_for(actor_of(request), park), uid)
    return as_attachment(found)


def as_attachment(notice: Notice) -> HttpResponse:
    """A file that a browser keeps and does not open by itself. Raises NoticeUnknown where there is none."""
    if not notice.attachment_sealed:
        raise NoticeUnknown()
    return HttpResponse(notice.attachment(), content_type=notice.attachment_type, headers={
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(notice.attachment_name)}", "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'"})


def _found(request: HttpRequest, park: Park, uid: UUID) -> tuple[Message | None, Notice]:
    """His own message of it, or the notice for whoever makes sure of it. Raises NoticeUnknown for everybody else."""
    try:
        message = own_notice(uid, user=cast(User, request.user), park=park)
    except NoticeUnknown:
        try:
            return None, notice_for(actor_of(request), park, uid)
        except NotAllowed as reason:
            raise NoticeUnknown() from reason
    if message.notice is None:
        raise NoticeUnknown()
    return message, message.notice


def _keeps(request: HttpRequest, park: Park, uid: UUID) -> bool:
    try:
        notice_for(actor_of(request), park, uid)
    except (NoticeUnknown, NotAllowed):
        return False
    return True
