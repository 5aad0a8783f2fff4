"""A park's ways out of the house on one page: how well each is, by which rules it sends; opened, changed, tried, closed."""

from typing import Any, cast
from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.contrib import messages as said
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiugong.accounts.models import User
from jiugong.http import actor_of, sentence_of
from jiugong.journal.actions.channels import (
    change_channel,
    close_channel,
    open_channel,
    send_test,
    set_rules,
)
from jiugong.journal.actions.sending import words_outside
from jiugong.journal.errors import ChannelMisshapen
from jiugong.journal.faces import at
from jiugong.journal.forms import RulesForm, form_of
from jiugong.journal.models import Channel, ChannelKind, Message, MessageKind
from jiugong.journal.queries.channels import channel_for, channels_of, health_of
from jiugong.journal.queries.sending import rules_of
from jiugong.journal.sending_words import sort_in_words
from jiugong.lib import clock
from jiugong.lib.refusal import Refusal
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_for


@require_GET
def channels(request: HttpRequest, park: UUID) -> HttpResponse:
    """Every channel with its health, and the rules by which the park sends."""
    actor = actor_of(request)
    here = park_for(actor, park)
    return _page(request, here, list(channels_of(actor, here)))


def _page(request: HttpRequest, park: Park, listed: list[Channel], *, form: forms.Form | None = None,
          wrong: str = "") -> HttpResponse:
    now, health, kept = clock.now(), health_of(listed), rules_of(park)
    form = form or RulesForm(initial={"quiet_from": kept.quiet_from, "quiet_until": kept.quiet_until, "urgent": list(kept.urgent),
                                      "words_zh": kept.words["zh-hans"], "words_en": kept.words["en"]})
    return render(request, "journal/channels.html", {
        "rows": [_row(each, health[each.pk], park, now) for each in listed], "uid": park.uid, "form": form, "wrong": wrong,
        "kinds": ChannelKind.choices, "is_assumed": kept.is_assumed, "test_id": uuid4().hex,
        "preview": [_preview(park, language) for language, _name in settings.LANGUAGES]}, status=422 if wrong else 200)


def _row(channel: Channel, health: Any, park: Park, now: Any) -> dict[str, Any]:
    resting = channel.paused_until if channel.paused_until and channel.paused_until > now else None
    state = "late" if health.to_decide else "missing" if channel.failures else "done" if health.last_sent else "owed"
    return {"uid": channel.uid, "name": channel.name, "word": str(ChannelKind(channel.kind).label), "state": state,
            "kinds": "、".join(sort_in_words(kind) for kind in channel.kinds), "last_sent": at(health.last_sent, park),
            "last_failed": at(health.last_failed, park), "waiting": health.waiting, "to_decide": health.to_decide,
            "failures": channel.failures, "resting": at(resting, park)}


def _preview(park: Park, language: str) -> str:
    """How an invented message of this park would read."""
    title = {"zh-hans": "第3轮核酸检测", "en": "Testing round 3"}
    message = Message(park=park, kind=MessageKind.TASK, about="round:3", facts={"title": title})
    return words_outside(message, park, rules_of(park), language)["text"]


@require_POST
def rules(request: HttpRequest, park: UUID) -> HttpResponse:
    """Say when it is quiet and in which words the park writes."""
    actor = actor_of(request)
    here = park_for(actor, park)
    listed, form, wrong = list(channels_of(actor, here)), RulesForm(request.POST), _("Look at what is marked.")
    if form.is_valid():
        try:
            set_rules(here, actor=actor, **form.cleaned_data)
        except Refusal as refusal:
            wrong = sentence_of(refusal)
        else:
            said.success(request, _("Kept. It holds for everything that is written from now on."))
            return redirect("channels", park=here.uid)
    return _page(request, here, listed, form=form, wrong=wrong)


@require_http_methods(["GET", "POST"])
def channel_new(request: HttpRequest, park: UUID) -> HttpResponse:
    """Open a channel of one kind."""
    actor = actor_of(request)
    here = park_for(actor, park)
    channels_of(actor, here)
    kind = request.GET.get("kind", "") if request.method == "GET" else request.POST.get("kind", "")
    if kind not in ChannelKind.values:
        raise ChannelMisshapen(field="kind")
    form, wrong = form_of(kind, data=request.POST if request.method == "POST" else None), ""
    if request.method == "POST" and form.is_valid():
        try:
            made = open_channel(here, kind, actor=actor, **_given(form))
        except Refusal as refusal:
            wrong = sentence_of(refusal)
        else:
            said.success(request, _("%(name)s is open. Send yourself a test.") % {"name": made.name})
            return redirect("channels", park=here.uid)
    return _form(request, here, form, kind, wrong, heading=_("Open a channel: %(kind)s") % {"kind": ChannelKind(kind).label})


@require_http_methods(["GET", "POST"])
def channel(request: HttpRequest, park: UUID, uid: UUID) -> HttpResponse:
    """Change a channel. Its secrets are not shown; left empty, they stay."""
    actor = actor_of(request)
    here = park_for(actor, park)
    found = channel_for(actor, here, uid)
    form, wrong = form_of(found.kind, found, request.POST if request.method == "POST" else None), ""
    if request.method == "POST" and form.is_valid():
        try:
            change_channel(found, actor=actor, **_given(form))
        except Refusal as refusal:
            wrong = sentence_of(refusal)
        else:
            said.success(request, _("Kept."))
            return redirect("channels", park=here.uid)
    receipts = ""
    if found.kind == ChannelKind.SMS and (secret := found.settings().get("receipt_secret")):
        receipts = request.build_absolute_uri(reverse("receipt", args=[found.uid, secret]))
    return _form(request, here, form, found.kind, wrong, heading=found.name, close=found.uid, receipts=receipts)


def _given(form: forms.Form) -> dict[str, Any]:
    told = dict(form.cleaned_data)
    return {"name": told.pop("name"), "kinds": told.pop("kinds"), "settings": told,
            "knows_keys": bool(told.pop("knows_keys", False))}


def _form(request: HttpRequest, park: Park, form: forms.Form, kind: str, wrong: str, *, heading: str, close: UUID | None = None,
          receipts: str = "") -> HttpResponse:
    return render(request, "journal/channel.html", {
        "form": form, "kind": kind, "wrong": wrong, "heading": heading, "uid": park.uid, "close": close, "receipts": receipts,
        "plain": [field for field in form if field.name not in ("kinds", "knows_keys")],
        "crumbs": [(_("Channels"), reverse("channels", args=[park.uid])), (heading, None)]},
        status=422 if request.method == "POST" else 200)


@require_POST
def channel_close(request: HttpRequest, park: UUID, uid: UUID) -> HttpResponse:
    """Close a channel: its address and secret are forgotten."""
    actor = actor_of(request)
    here = park_for(actor, park)
    found = channel_for(actor, here, uid)
    close_channel(found, actor=actor)
    said.success(request, _("%(name)s is closed, and its secret is forgotten.") % {"name": found.name})
    return redirect("channels", park=here.uid)


@require_POST
def channel_test(request: HttpRequest, park: UUID, uid: UUID) -> HttpResponse:
    """Send whoever presses a test."""
    actor = actor_of(request)
    here = park_for(actor, park)
    found = channel_for(actor, here, uid)
    try:
        test_id = UUID(request.POST.get("test_id", ""))
    except ValueError as reason:
        raise ChannelMisshapen(field="test_id") from reason
    delivery = send_test(found, test_id=test_id, user=cast(User, request.user), actor=actor)
    said.success(request, _("A test is on its way; its line below says what becomes of it."))
    return redirect(f"{reverse('deliveries', args=[here.uid])}?q={delivery.channel.name}")
