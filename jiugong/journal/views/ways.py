"""Where somebody is reached: on his own page, on the page on which an officer enters it, and behind the link that asks him."""

from typing import Any, cast
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages as said
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from jiugong.accounts.errors import LinkGone
from jiugong.accounts.models import User
from jiugong.accounts.queries import user_for
from jiugong.http import GONE, actor_of, sentence_of
from jiugong.journal.actions.ways import (
    ask_again,
    ask_own_proof,
    keep_ways,
    look_in_full,
    proof_for,
    say_no,
    say_yes,
    set_ways,
)
from jiugong.journal.forms import EnterWaysForm, LookForm, WaysForm
from jiugong.journal.models import ContactWays
from jiugong.journal.queries.ways import channel_to, face_of, masked, ways_of
from jiugong.journal.way_models import KINDS
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.lib.refusal import Refusal
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park, Person
from jiugong.registry.queries.doors import park_for, person_for


@require_http_methods(["GET", "POST"])
def ways(request: HttpRequest, park: UUID) -> HttpResponse:
    """Where I am reached."""
    here, user = park_for(actor_of(request), park), cast(User, request.user)
    kept, wrong = ContactWays.objects.filter(user=user).first(), ""
    if request.method == "POST":
        form = WaysForm(request.POST)
        if form.is_valid():
            try:
                keep_ways(user, **form.cleaned_data)
            except Refusal as refusal:
                wrong = sentence_of(refusal)
            else:
                said.success(request, _("Kept."))
                return redirect("ways", park=here.uid)
    else:
        form = WaysForm(initial={"mail": kept.mail if kept else "", "phone": kept.phone if kept else "",
                                 "language": (kept.language if kept else "") or settings.LANGUAGE_CODE})
    return render(request, "journal/ways.html", {
        "form": form, "wrong": wrong, "uid": here.uid, "rows": _own(here, kept), "zone": here.zone,
        "crumbs": [(_("For me"), reverse("messages", args=[here.uid])), (_("Where I am reached"), None)]},
        status=422 if request.method == "POST" else 200)


def _own(park: Park, kept: ContactWays | None) -> list[dict[str, Any]]:
    """What is known of each address of one's own, and whether it may be shown to be right."""
    return [row | {"word": _words()[row["kind"]], "may_show": bool(settings.ADDRESS and channel_to(park, row["kind"]))}
            for row in face_of(kept) if row["masked"]]


def _words() -> dict[str, str]:
    return {"mail": _("Mail"), "phone": _("Phone")}


@require_http_methods(["GET", "POST"])
def way_show(request: HttpRequest, park: UUID, kind: str) -> HttpResponse:
    """Have a link sent to an address of mine: opened, it shows that links to sign in may go there."""
    answer: HttpResponse = _show_mine(request, park_for(actor_of(request), park), kind)
    return answer


@reauthentication_required(app="accounts")                            # type: ignore[untyped-decorator]
def _show_mine(request: HttpRequest, here: Park, kind: str) -> HttpResponse:
    actor, user = actor_of(request), cast(User, request.user)
    kept = ContactWays.objects.filter(user=user).first()
    if kind not in KINDS or kept is None or not kept.value(kind):
        raise NotHere()
    if request.method == "POST":
        ask_own_proof(user, kind, park=here, actor=actor)
        said.success(request, _("A link is on its way. Open it, and say that it reaches you."))
        return redirect("ways", park=here.uid)
    return render(request, "journal/way_show.html", {
        "masked": masked(kind, kept.value(kind)), "uid": here.uid,
        "crumbs": [(_("Where I am reached"), reverse("ways", args=[here.uid])), (_("Links to sign in"), None)]})


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def way_yes(request: HttpRequest, text: str) -> HttpResponse:
    """Does it reach you? To look uses nothing up: mail programs look at links before people do."""
    try:
        if request.method == "POST":
            said_yes = request.POST.get("do") == "yes"
            (say_yes if said_yes else say_no)(text)
            return render(request, "journal/way_yes.html", {"done": "yes" if said_yes else "no"})
        proof = proof_for(text)
        return render(request, "journal/way_yes.html", {"proof": proof, "masked": masked(proof.kind, proof.ways.value(proof.kind))})
    except LinkGone:
        return render(request, "journal/way_yes.html", {}, status=GONE)


# entered by an officer ------------------------------------------------------------------------------------------------

@require_http_methods(["GET", "POST"])
def person_ways(request: HttpRequest, park: UUID, person: UUID) -> HttpResponse:
    """Where a person of the roster is reached, for whoever keeps the roster there."""
    actor = actor_of(request)
    here = park_for(actor, park)
    found = person_for(actor, person, Can.KEEP_ROSTER)
    if found.park_id != here.pk:
        raise NotHere()
    back = (found.name, reverse("person", args=[here.uid, found.uid]))
    return _entered(request, actor, here, found, back, may_look=True)


@require_http_methods(["GET", "POST"])
def account_ways(request: HttpRequest, park: UUID, user: int) -> HttpResponse:
    """Where an account is reached, for whoever gives it its roles."""
    actor = actor_of(request)
    here = park_for(actor, park)
    found = user_for(actor, here, user)
    actor.must(Can.GRANT_ROLES, over=here)
    return _entered(request, actor, here, found, (found.name, reverse("account", args=[here.uid, found.pk])),
                    may_look=actor.may(Can.SHOW_IDENTITY, over=here))


def _entered(request: HttpRequest, actor: Actor, park: Park, reader: Person | User, back: tuple[str, str], *,
             may_look: bool) -> HttpResponse:
    asked, wrong, full = request.POST.get("do", ""), "", {}
    form, look = EnterWaysForm(request.POST if asked == "enter" else None), LookForm(request.POST if asked == "look" else None)
    try:
        if asked == "enter" and form.is_valid():
            set_ways(reader, **form.given(), park=park, actor=actor)
            said.success(request, _("Kept. He is asked whether a new mail address is his."))
            return redirect(request.path)
        if asked == "again":
            ask_again(reader, park=park, actor=actor)
            said.success(request, _("He is asked once more."))
            return redirect(request.path)
        if asked == "look" and look.is_valid():
            full = look_in_full(reader, park=park, reason=look.cleaned_data["reason"], actor=actor)
    except Refusal as refusal:
        wrong = sentence_of(refusal)
    kept = ways_of(reader)
    rows = [row | {"word": _words()[row["kind"]], "full": full.get(row["kind"], "")} for row in face_of(kept)]
    return render(request, "journal/enter_ways.html", {
        "form": form, "look": look, "rows": rows, "wrong": wrong, "name": reader.name, "may_look": may_look, "uid": park.uid,
        "zone": park.zone, "waits": any(row["waits"] for row in rows), "sends_mail": bool(channel_to(park, "mail")),
        "phone_of_roster": reader.masked_phone if isinstance(reader, Person) else "",
        "crumbs": [back, (_("Where he is reached"), None)]},
        status=422 if request.method == "POST" and not full else 200)
