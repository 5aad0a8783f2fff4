"""Notices for whoever sends them and makes sure of them: the list, writing one, who would be reached, who has read it."""

from typing import Any, cast
from uuid import UUID, uuid4

from django.contrib import messages as said
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiugong.accounts.models import User
from jiugong.http import actor_of, sentence_of
from jiugong.journal.actions.notices import hand_over_notice, remind_rest, send_notice
from jiugong.journal.errors import KeeperCannotSee
from jiugong.journal.faces import RECIPIENT_STATES, narrowed, notice_rows, recipient_rows
from jiugong.journal.forms import NoticeForm
from jiugong.journal.models import Notice, NoticeKind
from jiugong.journal.queries.notices import (
    audience_of,
    keepers_offered,
    may_keep,
    notice_for,
    notices_of,
    overdue_notices,
    recipients_of,
)
from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, looked
from jiugong.lib.can import Can
from jiugong.lib.refusal import Refusal
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_for
from jiugong.registry.views.lists import chosen_of, filter_by, page_of, wants_workbook, workbook_of

MOST_SHOWN = 200
OPENED = "opened who has read a notice"


@require_GET
def notices(request: HttpRequest, park: UUID) -> HttpResponse:
    """The notices of which one may see who has read them, the newest first."""
    actor, at = actor_of(request), clock.now()
    here = park_for(actor, park)
    rows = notices_of(actor, here)
    text, kind = _text(request), chosen_of(request, "kind", NoticeKind.values)
    state = chosen_of(request, "state", ("overdue",))
    if text:
        rows = rows.filter(Q(title_zh__icontains=text) | Q(title_en__icontains=text) | Q(keeper__name__icontains=text))
    if kind:
        rows = rows.filter(kind=kind)
    if state:
        rows = rows.filter(pk__in=[each.pk for each in overdue_notices(here, at)])
    if wants_workbook(request):
        told = notice_rows(list(rows), here, at)
        return workbook_of(_("Notices"), [_("Kind"), pgettext("a notice", "Title"), pgettext("a notice", "Written"), _("By"),
                                          _("Keeper"), _("To be read until"), _("Written to"), _("Sent"), _("Delivered"),
                                          _("Read"), _("Confirmed"), _("Outstanding")],
                           [[each["word"], each["title"], each["at"], each["by"], each["keeper"], each["deadline"], each["written"],
                             each["sent"], each["delivered"], each["read"], each["acknowledged"], each["open"]] for each in told],
                           days.day_of(at, here.zone))
    page = page_of(request, rows)
    return render(request, "journal/notices.html", {
        "page": page, "rows": notice_rows(list(page), here, at), "search": text, "uid": here.uid, "export_url": _export(request),
        "may_send": actor.may_somewhere(Can.SEND_NOTICES, within=here), "clear_url": request.path if text or kind or state else "",
        "filters": [filter_by("kind", _("Kind"), NoticeKind.choices, kind),
                    filter_by("state", _("Stage"), [("overdue", _("Overdue"))], state)]})


@require_http_methods(["GET", "POST"])
def notice_new(request: HttpRequest, park: UUID) -> HttpResponse:
    """Write a notice and send it. What is refused stays in the form, with its reason."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must_somewhere(Can.SEND_NOTICES, within=here)
    wrong = ""
    if request.method == "POST":
        form = NoticeForm(request.POST, request.FILES, park=here, actor=actor)
        if form.is_valid():
            try:
                notice = send_notice(here, form.words(), form.reach(), client_id=form.cleaned_data["client_id"],
                                     keeper=form.chosen_keeper(), actor=actor)
            except Refusal as refusal:
                wrong = sentence_of(refusal)
            else:
                said.success(request, _("The notice is on its way. Here you see who has read it."))
                return redirect("notice-reach", park=here.uid, uid=notice.uid)
    else:
        mine = cast(User, request.user)
        form = NoticeForm(park=here, actor=actor, initial={"client_id": uuid4().hex, "keeper": mine.pk, "workers": True})
    return render(request, "journal/notice_new.html", {
        "form": form, "wrong": wrong, "uid": here.uid, "may_attach_again": bool(request.FILES),
        "crumbs": [(_("Notices"), reverse("notices", args=[here.uid])), (_("Write a notice"), None)]},
        status=422 if request.method == "POST" else 200)


@require_POST
def notice_preview(request: HttpRequest, park: UUID) -> HttpResponse:
    """Whom the form would reach as it stands: how many, and who. A piece of a page, fetched into the form."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must_somewhere(Can.SEND_NOTICES, within=here)
    form = NoticeForm(request.POST, park=here, actor=actor)
    form.is_valid()                                              # what is still to be written does not matter here
    audience = audience_of(actor, here, form.reach())
    shown = audience.people[:MOST_SHOWN]
    looked(actor=actor, park_id=here.pk, person_ids=[each.person_id for each in shown], fields=("list",),
           reason="looked whom a notice would reach", at=clock.now())
    return render(request, "journal/notice_preview.html", {
        "count": audience.count, "people": len(audience.people), "users": len(audience.users),
        "more": len(audience.people) - len(shown), "accounts": [each.name for each in audience.users],
        "rows": [(each.person.name, each.enterprise.name, each.post) for each in shown],
        "title": form.cleaned_data.get("title_zh", "")})


@require_GET
def notice_reach(request: HttpRequest, park: UUID, uid: UUID) -> HttpResponse:
    """Who has read a notice: the figures, and behind each of them its rows; whoever has not, first of all."""
    actor, at = actor_of(request), clock.now()
    here = park_for(actor, park)
    notice = notice_for(actor, here, uid)
    text, state = _text(request), chosen_of(request, "state", RECIPIENT_STATES)
    rows = narrowed(notice, recipients_of(notice), state, text)
    if wants_workbook(request):
        told = list(rows)
        _look(actor, here, told, at)
        return workbook_of(_("Who has read it"), [_("Name"), _("Enterprise"), pgettext("a message", "Written"),
                                                  pgettext("when", "Sent"), _("Channel"), pgettext("when", "Delivered"),
                                                  _("Read"), _("Confirmed")],
                           [[each[key] for key in ("name", "where", "written", "sent", "channels", "delivered", "read",
                                                   "acknowledged")] for each in recipient_rows(told, here)],
                           days.day_of(at, here.zone))
    page = page_of(request, rows)
    listed = list(page)
    _look(actor, here, listed, at)
    keeps, (row,) = may_keep(actor, notice.branches), notice_rows([notice], here, at)
    return render(request, "journal/notice_reach.html", {
        "notice": row, "page": page, "rows": recipient_rows(listed, here), "search": text,
        "state": state, "uid": here.uid, "remind_id": uuid4().hex, "keeps": keeps, "figures": _figures(notice, row, state),
        "keepers": [(each.pk, each.name, each.pk == notice.keeper_id) for each in keepers_offered(actor, here)] if keeps else [],
        "clear_url": request.path if text or state else "", "export_url": _export(request), "filters": [],
        "crumbs": [(_("Notices"), reverse("notices", args=[here.uid])), (notice.title_zh, None)]})


def _figures(notice: Notice, told: dict[str, Any], state: str) -> list[dict[str, Any]]:
    shown = [("", _("Written to"), told["written"]), ("sent", _("Sent"), told["sent"]),
             ("delivered", _("Delivered"), told["delivered"]), ("read", _("Read"), told["read"])]
    if notice.must_acknowledge:
        shown.append(("acknowledged", _("Confirmed"), told["acknowledged"]))
    shown.append(("open", _("Outstanding"), told["open"]))
    return [{"state": key, "word": word, "count": count, "here": key == state} for key, word, count in shown]


def _look(actor: Actor, park: Park, listed: list[Any], at: Any) -> None:
    looked(actor=actor, park_id=park.pk, person_ids=[each.to_person_id for each in listed if each.to_person_id], fields=("list",),
           reason=OPENED, at=at)


@require_POST
def notice_remind(request: HttpRequest, park: UUID, uid: UUID) -> HttpResponse:
    """Remind the rest."""
    actor = actor_of(request)
    here = park_for(actor, park)
    count = remind_rest(notice_for(actor, here, uid), remind_id=request.POST.get("remind_id", ""), actor=actor)
    said.success(request, ngettext("%(count)s person is reminded.", "%(count)s people are reminded.", count) % {"count": count})
    return redirect("notice-reach", park=here.uid, uid=uid)


@require_POST
def notice_hand_over(request: HttpRequest, park: UUID, uid: UUID) -> HttpResponse:
    """Somebody else makes sure of it."""
    actor = actor_of(request)
    here = park_for(actor, park)
    notice = notice_for(actor, here, uid)
    actor.must_somewhere(Can.SEND_NOTICES, within=here)
    to = next((each for each in keepers_offered(actor, here) if str(each.pk) == request.POST.get("keeper")), None)
    if to is None:
        raise KeeperCannotSee(name="?")
    hand_over_notice(notice, to=to, actor=actor)
    said.success(request, _("%(name)s makes sure of it from now on.") % {"name": to.name})
    return redirect("notice-reach", park=here.uid, uid=uid)


def _text(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\0", "").strip()


def _export(request: HttpRequest) -> str:
    asked = request.GET.copy()
    asked.pop("page", None)
    asked["as"] = "xlsx"
    return f"?{asked.urlencode()}"
