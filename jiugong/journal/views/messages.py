"""For me: what was written to whoever is signed in, and marking it read."""

from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages as said
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from jiugong.accounts.models import User
from jiugong.http import actor_of
from jiugong.journal.actions import mark_read
from jiugong.journal.models import MessageKind
from jiugong.journal.queries import messages_for
from jiugong.journal.tidings import face_of
from jiugong.registry.queries.doors import park_for

A_PAGE = 50
LONGEST_NUMBER = 18


@require_GET
def messages(request: HttpRequest, park: UUID) -> HttpResponse:
    """What was written to him and to the person that he is, newest first."""
    here, user = park_for(actor_of(request), park), cast(User, request.user)
    mine = messages_for(user, here).select_related("concerns")
    kind = request.GET.get("kind", "")
    kind = kind if kind in MessageKind.values else ""
    unread = request.GET.get("read") == "no"
    shown = mine.filter(kind=kind) if kind else mine
    shown = shown.filter(read_at=None) if unread else shown
    page = Paginator(shown, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "journal/messages.html", {
        "page": page, "rows": [face_of(each, here) for each in page.object_list], "zone": here.zone,
        "back": request.GET.urlencode(), "is_set": bool(kind or unread),
        "filters": [_filter("kind", _("Kind"), MessageKind.choices, kind),
                    _filter("read", _("Read"), [("no", _("not read yet"))], "no" if unread else "")]})


@require_POST
def read(request: HttpRequest, park: UUID) -> HttpResponse:
    """Mark one message read, or all of them; those of somebody else stay as they are."""
    here, user = park_for(actor_of(request), park), cast(User, request.user)
    mine, one = messages_for(user, here), request.POST.get("message", "")
    if one:
        mine = mine.filter(pk=int(one)) if one.isdecimal() and len(one) <= LONGEST_NUMBER else mine.none()
    count = mark_read(mine.order_by())
    if not one:
        said.success(request, ngettext("%(count)s message is marked as read.", "%(count)s messages are marked as read.", count) % {
            "count": count})
    back = urlencode([(key, value) for key, value in request.POST.items() if key in ("kind", "read", "page")])
    return redirect(f"{reverse('messages', args=[here.uid])}{'?' + back if back else ''}")


def _filter(name: str, label: str, options: Any, chosen: str) -> dict[str, Any]:
    listed = [("", _("All")), *options]
    return {"name": name, "label": label, "set": bool(chosen),
            "options": [{"value": value, "label": words, "selected": value == chosen, "count": None} for value, words in listed]}
