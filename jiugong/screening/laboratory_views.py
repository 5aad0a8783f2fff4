"""The pages of laboratories: the list, one with its contracts and accounts, and the tubes that are late."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiugong.http import actor_of, sentence_of
from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, NotAllowed
from jiugong.lib.can import Can
from jiugong.lib.refusal import Refusal
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_for
from jiugong.registry.queries.people import today_in
from jiugong.registry.views.lists import chosen_of, filter_by, page_of, wants_workbook, workbook_of
from jiugong.screening.actions.laboratories import (
    change_laboratory,
    contract,
    end_contract,
    end_laboratory,
    keep_laboratory,
    over_in_words,
    tie_account,
    untie_account,
)
from jiugong.screening.laboratory_forms import ContractForm, LaboratoryForm, LastDayForm, TieForm
from jiugong.screening.logic.turn_round import hours_between
from jiugong.screening.models import Contract, Laboratory
from jiugong.screening.queries.laboratories import (
    account_for,
    accounts_of,
    accounts_to_tie,
    contract_for,
    contracts_of,
    holds,
    laboratories_of,
    laboratory_for,
    must_see_laboratories,
    with_work,
)
from jiugong.screening.queries.rounds import reach_into
from jiugong.screening.queries.turn_round import LateTube, late_tubes

both = require_http_methods(["GET", "POST"])


def kept(form: forms.Form, act: Callable[[], object]) -> bool:
    """Was it done? What the house refuses and the reader can mend stands above the form."""
    try:
        act()
    except NotAllowed:
        raise
    except Refusal as refusal:
        form.add_error(None, sentence_of(refusal))
        return False
    return True


def asked(request: HttpRequest, form: forms.Form, **shown: Any) -> HttpResponse:
    """A page with one form."""
    return render(request, "registry/form.html", {"form": form, **shown}, status=422 if form.is_bound else 200)


@both
def laboratories(request: HttpRequest, park: UUID) -> HttpResponse:
    """Every laboratory, how many contracts it holds and how much it reported; who may, enters one here."""
    actor = actor_of(request)
    here = park_for(actor, park)
    may_keep = actor.may(Can.KEEP_LABORATORIES, over=here)
    if request.method == "POST":
        actor.must(Can.KEEP_LABORATORIES, over=here)
    must_see_laboratories(actor, here)
    form = LaboratoryForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and kept(form, lambda: keep_laboratory(here, actor=actor, **form.cleaned_data)):
        messages.success(request, _("%(laboratory)s is kept.") % {"laboratory": form.cleaned_data["name"]})
        return redirect("laboratories", park=here.uid)
    today, text = today_in(here), request.GET.get("q", "").replace("\0", "").strip()
    standing = chosen_of(request, "standing", ("yes", "no"))
    found = with_work(laboratories_of(here, text=text, standing=standing, day=today), today)
    if wants_workbook(request):
        headings = [_("Laboratory"), _("Credit code"), _("Contact"), _("Contracts"), _("Results"), _("Since"), _("Until")]
        return workbook_of(_("Laboratories"), headings, (
            [each.name, each.credit_code, each.contact, each.contracts_now or 0, each.reported or 0, each.since,  # type: ignore[attr-defined]
             each.until] for each in found), today)
    return render(request, "screening/laboratories.html", {
        "page": page_of(request, found), "form": form if may_keep else None, "text": text, "today": today,
        "is_set": bool(text or standing), "filters": [filter_by("standing", _("Today"), (
            ("yes", _("Works for the park")), ("no", _("No longer, or not yet"))), standing)],
        "crumbs": _crumbs(here, (_("Laboratories"), None))}, status=422 if form.is_bound else 200)


@require_GET
def laboratory(request: HttpRequest, park: UUID, laboratory: int) -> HttpResponse:
    """One laboratory: its contracts, and who reports for it."""
    actor, at = actor_of(request), clock.now()
    here = park_for(actor, park)
    found = laboratory_for(actor, here, laboratory)
    today, may_keep = today_in(here), actor.may(Can.KEEP_LABORATORIES, over=here)
    rows = [_contract_row(each, today) for each in contracts_of(here).filter(laboratory=found)]
    late = [each for each in late_tubes(here, at, reach_into(actor, Can.SEE_BOARD, here)) if each.laboratory.pk == found.pk]
    tie = TieForm(users=accounts_to_tie(here, at)) if may_keep else None
    return render(request, "screening/laboratory.html", {
        "laboratory": found, "contracts": rows, "accounts": accounts_of(found, at), "may_keep": may_keep, "late": len(late),
        "waiting": sum(each.is_waiting for each in late), "is_over": bool(found.until and found.until <= today),
        "tie": tie if tie and tie.users else None, "uid": here.uid,
        "crumbs": _crumbs(here, (_("Laboratories"), reverse("laboratories", args=[here.uid])), (found.name, None))})


def _contract_row(each: Contract, today: date) -> dict[str, Any]:
    return {"pk": each.pk, "over": over_in_words(each), "hours": each.hours, "since": each.since, "until": each.until,
            "opens": each.enterprise_opens, "holds": holds(each, today), "to_come": each.since > today,
            "may_end": each.until is None or each.until > today,
            "kind": _("One point") if each.point_id else _("Enterprise") if each.unit_id else _("The whole park")}


def _keeper(request: HttpRequest, park: UUID, laboratory: int) -> tuple[Actor, Park, Laboratory]:
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must(Can.KEEP_LABORATORIES, over=here)
    return actor, here, laboratory_for(actor, here, laboratory)


@both
def change(request: HttpRequest, park: UUID, laboratory: int) -> HttpResponse:
    """Say anew what a laboratory is."""
    actor, here, found = _keeper(request, park, laboratory)
    form = LaboratoryForm(request.POST) if request.method == "POST" else LaboratoryForm.of(found)
    if form.is_valid() and kept(form, lambda: change_laboratory(found, actor=actor, **form.cleaned_data)):
        messages.success(request, _("%(laboratory)s is kept.") % {"laboratory": form.cleaned_data["name"]})
        return redirect("laboratory", park=here.uid, laboratory=found.pk)
    return asked(request, form, heading=_("Change %(name)s") % {"name": found.name}, submit=_("Keep"), back=_back(here, found),
                 lead=_("Its contracts and results stay with it."))


@both
def end(request: HttpRequest, park: UUID, laboratory: int) -> HttpResponse:
    """Work with a laboratory no longer."""
    actor, here, found = _keeper(request, park, laboratory)
    form = LastDayForm(request.POST or None, initial={"on": today_in(here)})
    if form.is_valid() and kept(form, lambda: end_laboratory(found, actor=actor, on=form.cleaned_data["on"])):
        messages.success(request, _("%(laboratory)s works for the park no longer from %(day)s on.") % {
            "laboratory": found.name, "day": form.cleaned_data["on"]})
        return redirect("laboratory", park=here.uid, laboratory=found.pk)
    return asked(request, form, heading=_("Work with %(name)s no longer") % {"name": found.name}, submit=_("End"), danger=True,
                 back=_back(here, found), lead=_("Its contracts end on that day. Tubes of rounds before it may still be reported."))


@both
def add_contract(request: HttpRequest, park: UUID, laboratory: int) -> HttpResponse:
    """Let a laboratory report for a point, an enterprise or the whole park."""
    actor, here, found = _keeper(request, park, laboratory)
    form = ContractForm(request.POST or None, park=here, initial={"since": today_in(here), "over": request.GET.get("over", "park")})
    if form.is_valid() and kept(form, lambda: contract(found, actor=actor, **form.asked())):
        messages.success(request, _("The contract with %(laboratory)s is kept.") % {"laboratory": found.name})
        return redirect("laboratory", park=here.uid, laboratory=found.pk)
    return asked(request, form, heading=_("A contract with %(name)s") % {"name": found.name}, submit=_("Keep"),
                 back=_back(here, found), lead=_("The day of a tube's round decides whether the contract covers it."))


@both
def contract_end(request: HttpRequest, park: UUID, contract: int) -> HttpResponse:
    """End a contract from a day on."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must(Can.KEEP_LABORATORIES, over=here)
    found = contract_for(actor, here, contract)
    form = LastDayForm(request.POST or None, initial={"on": today_in(here)})
    if form.is_valid() and kept(form, lambda: end_contract(found, actor=actor, on=form.cleaned_data["on"])):
        messages.success(request, _("The contract with %(laboratory)s ends.") % {"laboratory": found.laboratory.name})
        return redirect("laboratory", park=here.uid, laboratory=found.laboratory_id)
    return asked(request, form, heading=_("End the contract for %(over)s") % {"over": over_in_words(found)}, submit=_("End"),
                 danger=True, back=_back(here, found.laboratory),
                 lead=_("Tubes of rounds before that day may still be reported by %(laboratory)s.") % {
                     "laboratory": found.laboratory.name})


@require_POST
def tie(request: HttpRequest, park: UUID, laboratory: int) -> HttpResponse:
    """Let an account report for a laboratory."""
    actor, here, found = _keeper(request, park, laboratory)
    form = TieForm(request.POST, users=accounts_to_tie(here, clock.now()))
    if form.is_valid() and kept(form, lambda: tie_account(found, form.chosen, actor=actor)):
        messages.success(request, _("%(user)s reports for %(laboratory)s.") % {
            "user": form.chosen.name, "laboratory": found.name})
    else:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect("laboratory", park=here.uid, laboratory=found.pk)


@require_POST
def untie(request: HttpRequest, park: UUID, laboratory: int, account: int) -> HttpResponse:
    """Let an account report for it no longer."""
    actor, here, found = _keeper(request, park, laboratory)
    tied = account_for(found, account)
    untie_account(tied, actor=actor)
    messages.success(request, _("%(user)s reports for %(laboratory)s no longer.") % {
        "user": tied.user.name, "laboratory": found.name})
    return redirect("laboratory", park=here.uid, laboratory=found.pk)


@require_GET
def turn_round(request: HttpRequest, park: UUID) -> HttpResponse:
    """The tubes of the last rounds whose result came late, or is due and not there."""
    actor, at = actor_of(request), clock.now()
    here = park_for(actor, park)
    must_see_laboratories(actor, here)
    everything = late_tubes(here, at, reach_into(actor, Can.SEE_BOARD, here))
    state, text = chosen_of(request, "state", ("waiting", "late")), request.GET.get("q", "").replace("\0", "").strip()
    labs = {str(each.laboratory.pk): each.laboratory.name for each in everything}
    laboratory = chosen_of(request, "laboratory", labs)
    found = [each for each in everything if _meant(each, state, laboratory, text.casefold())]
    if wants_workbook(request):
        headings = [_("Tube"), _("Round"), _("Point"), _("Laboratory"), _("Counts from"), _("From"), _("Hours agreed"), _("Due"),
                    _("Reported at")]
        return workbook_of(_("Late results"), headings, (
            [each.code, each.round, each.point.name, each.laboratory.name, str(each.start.label),
             days.local(each.started_at, here.zone)[:16], each.hours,
             days.local(each.due_at, here.zone)[:16], days.local(each.reported_at, here.zone)[:16] if each.reported_at else ""]
            for each in found), today_in(here))
    page = page_of(request, found)
    return render(request, "screening/turn_round.html", {
        "page": page, "rows": late_rows(page, here), "text": text, "is_set": bool(state or text or laboratory), "filters": [
            filter_by("state", _("Result"), (("waiting", _("not there yet")), ("late", _("came late"))), state),
            filter_by("laboratory", _("Laboratory"), labs.items(), laboratory)], "uid": here.uid,
        "waiting": sum(each.is_waiting for each in everything), "late": sum(not each.is_waiting for each in everything),
        "crumbs": _crumbs(here, (_("Laboratories"), reverse("laboratories", args=[here.uid])), (_("Late results"), None))})


def _meant(late: LateTube, state: str, laboratory: str, text: str) -> bool:
    return ((not state or late.is_waiting is (state == "waiting")) and laboratory in ("", str(late.laboratory.pk))
            and any(text in word.casefold() for word in (late.code, late.point.name, late.laboratory.name)))


def late_rows(late: Iterable[LateTube], park: Park) -> list[dict[str, Any]]:
    """Late tubes as a page lists them."""
    now = clock.now()
    return [{"code": each.code, "url": reverse("tube", args=[park.uid, each.code]), "round": each.round,
             "point": each.point.name, "laboratory": each.laboratory.name, "hours": each.hours,
             "start": str(each.start.label), "started": days.local(each.started_at, park.zone)[5:16],
             "due": days.local(each.due_at, park.zone)[5:16],
             "reported": days.local(each.reported_at, park.zone)[5:16] if each.reported_at else "",
             "over": hours_between(each.due_at, each.reported_at or now)} for each in late]


def _back(park: Park, laboratory: Laboratory) -> str:
    return reverse("laboratory", args=[park.uid, laboratory.pk])


def _crumbs(park: Park, *steps: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [(_("Today"), reverse("today", args=[park.uid])), *steps]
