"""The daily figures of each body: who has filed, the form, and the list of the joint meeting."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jiugong.briefs import filed
from jiugong.briefs.actions import Entered, choose_figures, file_figures
from jiugong.briefs.errors import FigureMisshapen, PaperUnknown
from jiugong.briefs.figures import BY_KEY, FIGURES, Figure
from jiugong.briefs.filed import Owing
from jiugong.briefs.filings import Prefilled, form_of
from jiugong.briefs.forms import RemitForm
from jiugong.briefs.papers.annex import table_xlsx
from jiugong.briefs.papers.meeting import meeting_pdf
from jiugong.briefs.periods import handed_over
from jiugong.http import actor_of, sentence_of
from jiugong.lib import clock, days
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.lib.identifiers import folded
from jiugong.lib.refusal import Refusal
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_for
from jiugong.registry.queries.people import today_in
from jiugong.registry.views.lists import day_asked
from jiugong.registry.words import BodyKind


def _here(request: HttpRequest, park: UUID) -> tuple[Actor, Park, date]:
    actor, here = actor_of(request), park_for(actor_of(request), park)
    actor.must_somewhere(Can.SEE_BOARD, within=here)
    return actor, here, day_asked(request, today_in(here))


@require_GET
def filings(request: HttpRequest, park: UUID) -> HttpResponse:
    """Every body of a day: what it files, whether it has, and whether that was in time."""
    actor, here, day = _here(request, park)
    at, whole = clock.now(), actor.may(Can.SEE_BOARD, over=here)
    own = filed.own_bodies(actor, here, day)
    owing = [(each, filed.may_file(actor, each, day, own)) for each in filed.bodies_owing(here, day)]
    owing = [(each, may_file) for each, may_file in owing if whole or may_file]
    rows = [_row(each, here, day, may_file=may_file, late=each.is_late(day, at)) for each, may_file in owing]
    return render(request, "briefs/filings.html", {
        "rows": rows, "day": day, "today": today_in(here), "here": here, "whole": whole,
        "filed": sum(1 for row in rows if row["filing"]), "late": sum(1 for row in rows if row["late"]),
        "differing": len(filed.differing([each for each, _may_file in owing])) if whole else 0})


def _row(each: Owing, here: Park, day: date, *, may_file: bool, late: bool) -> dict[str, Any]:
    off = sum(1 for one in each.filing.figures.all() if one.off) if each.filing else 0
    return {"body": each.body, "kind": BodyKind(each.body.kind).label, "filing": each.filing, "late": late, "off": off,
            "figures": len(each.keys), "due": f"{each.due:%H:%M}", "leader": each.leader, "grounds": each.grounds,
            "url": reverse("filing", args=[here.uid, each.body.pk]) + f"?day={day}",
            "may_file": may_file, "filed_at": _moment(each, here)}


def _moment(each: Owing, here: Park) -> str:
    return days.local(each.filing.filed_at, here.zone)[5:16] if each.filing else ""


@require_http_methods(["GET", "POST"])
def filing(request: HttpRequest, park: UUID, body: int) -> HttpResponse:
    """The form of one body for a day, prefilled with what the system counts."""
    actor, here, day = _here(request, park)
    owing = filed.owing_for(actor, here, body, day)
    entered: dict[str, Entered] = {}
    refusal = ""
    if request.method == "POST":
        filed.must_file(actor, owing, day)
        try:
            entered = _entered(request, owing)
            made = file_figures(here, owing.body, day, figures=entered, actor=actor,
                                client_id=request.POST.get("client_id", "")[:80] or uuid4().hex)
            messages.success(request, _("Filed for %(body)s, %(day)s.") % {"body": owing.body.name, "day": day})
            return redirect(f"{reverse('filings', args=[here.uid])}?day={made.day}")
        except Refusal as reason:
            if reason.code in ("accounts.not_allowed", "briefs.client_id_reused"):
                raise
            refusal = sentence_of(reason)
    lines = [_line(each, request, here, day) for each in form_of(owing, day)]
    return render(request, "briefs/filing.html", {
        "owing": owing, "lines": lines, "day": day, "here": here, "refusal": refusal, "due": f"{owing.due:%H:%M}",
        "may_file": filed.may_file(actor, owing, day) and day <= today_in(here), "client_id": uuid4(),
        "kind": BodyKind(owing.body.kind).label, "filed_at": _moment(owing, here),
        "remit_url": reverse("remit", args=[here.uid, owing.body.pk]) if actor.may(Can.FILE_FIGURES, over=here) else "",
        "crumbs": [(_("Filings"), f"{reverse('filings', args=[here.uid])}?day={day}"), (owing.body.name, None)]},
        status=422 if refusal else 200)


def _entered(request: HttpRequest, owing: Owing) -> dict[str, Entered]:
    """What was written in the form. A number that was left as it was shown is the system's own. Raises FigureMisshapen."""
    found = {}
    for key in owing.keys:
        text, shown = request.POST.get(f"value:{key}", "").strip(), request.POST.get(f"shown:{key}", "")
        if text and text == shown:
            found[key] = Entered()
            continue
        bare = folded(text).replace(",", "").replace("，", "")
        if not (bare.isascii() and bare.isdigit() and len(bare) <= 12):
            raise FigureMisshapen(figure=_named(BY_KEY[key]), most=10**12)
        found[key] = Entered(value=int(bare), why=request.POST.get(f"why:{key}", ""))
    return found


def _line(each: Prefilled, request: HttpRequest, here: Park, day: date) -> dict[str, Any]:
    key = each.figure.key
    why = request.POST.get(f"why:{key}", each.filed.why if each.filed else "")
    return {"key": key, "name": _named(each.figure), "unit": _unit(each.figure), "counted": each.counted, "filed": each.filed,
            "value": request.POST.get(f"value:{key}", str(each.value)), "why": why,
            "url": f"{reverse('figure', args=[here.uid, key])}?from={day}&to={day}"}


@require_http_methods(["GET", "POST"])
def remit(request: HttpRequest, park: UUID, body: int) -> HttpResponse:
    """Choose which figures a body files, and by when."""
    actor, here, day = _here(request, park)
    owing = filed.owing_for(actor, here, body, day)
    actor.must(Can.FILE_FIGURES, over=here)
    choices = [(each.key, _named(each)) for each in FIGURES]
    form = RemitForm(request.POST or None, choices=choices, initial={"due": owing.due, "keys": list(owing.keys)})
    if request.method == "POST" and form.is_valid():
        choose_figures(here, owing.body, keys=form.cleaned_data["keys"], due=form.cleaned_data["due"], actor=actor)
        messages.success(request, _("%(body)s files other figures from now on.") % {"body": owing.body.name})
        return redirect(f"{reverse('filing', args=[here.uid, owing.body.pk])}?day={day}")
    chosen = request.POST.getlist("keys") if request.method == "POST" else owing.keys
    return render(request, "briefs/remit.html", {
        "form": form, "owing": owing, "here": here, "groups": _grouped(set(chosen)),
        "crumbs": [(_("Filings"), reverse("filings", args=[here.uid])),
                   (owing.body.name, reverse("filing", args=[here.uid, owing.body.pk])), (_("Figures"), None)]})


def _grouped(chosen: set[str]) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """The figures by the room that counts them."""
    names = {"registry": _("People and enterprises"), "screening": _("Testing"), "duties": _("Duties"),
             "rulebook": _("Rules"), "briefs": _("Filings")}
    groups: dict[str, list[tuple[str, str, bool]]] = {}
    for each in FIGURES:
        groups.setdefault(each.key.partition(".")[0], []).append((each.key, _named(each), each.key in chosen))
    return [(names.get(room, room), figures) for room, figures in groups.items()]


@require_GET
def meeting(request: HttpRequest, park: UUID) -> HttpResponse:
    """The facts on which somebody differs, with who must explain; and who has not filed or filed late."""
    actor, here, day = _here(request, park)
    actor.must(Can.SEE_BOARD, over=here)
    at, owing = clock.now(), [each for each in filed.bodies_owing(here, day) if each.keys]
    own = filed.own_bodies(actor, here, day)
    return render(request, "briefs/meeting.html", {
        "day": day, "today": today_in(here), "here": here, "facts": facts_of(owing, here),
        "late": [_row(each, here, day, may_file=filed.may_file(actor, each, day, own), late=True)
                 for each in owing if each.is_late(day, at)],
        "papers": [(kind, reverse("meeting-paper", args=[here.uid, kind])) for kind in ("pdf", "xlsx")],
        "paper_fields": [("day", str(day))],
        "crumbs": [(_("Filings"), f"{reverse('filings', args=[here.uid])}?day={day}"), (_("Joint meeting"), None)]})


@require_GET
def meeting_paper(request: HttpRequest, park: UUID, kind: str) -> HttpResponse:
    """The list of the joint meeting as PDF or Excel."""
    actor, here, day = _here(request, park)
    actor.must(Can.SEE_BOARD, over=here)
    if kind not in ("pdf", "xlsx"):
        raise PaperUnknown(kind=kind)
    at, owing = clock.now(), [each for each in filed.bodies_owing(here, day) if each.keys]
    facts = facts_of(owing, here)
    late = [(each.body.name, each.leader, f"{each.due:%H:%M}", _moment(each, here) or _("not filed"))
            for each in owing if each.is_late(day, at)]
    title = _("Figures for the joint meeting")
    head = [_("Figure"), _("Body"), _("Filed"), _("Counted by the system"), _("Difference"), _("Why"), _("Who must explain")]
    lines = [(fact["name"] + fact["ground"], said["body"], said["value"], said["counted"], said["off"], said["why"],
              said["explains"]) for fact in facts for said in fact["said"]]
    if kind == "xlsx":
        return handed_over(table_xlsx(title, head, lines), kind, f"{title} {day}")
    late_head = [_("Body"), _("Who leads it"), _("Due by"), _("Filed at")]
    return handed_over(meeting_pdf(here.name, title, day, (head, lines), (_("Late or not filed"), late_head, late)), kind,
                       f"{title} {day}")


def facts_of(owing: list[Owing], here: Park) -> list[dict[str, Any]]:
    """The facts on which somebody differs, as the meeting reads them."""
    return [{"key": one.key, "name": _named(BY_KEY[one.key]) if one.key in BY_KEY else one.key,
             "ground": f"（{'、'.join(place.name for place in one.grounds)}）" if one.grounds else "",
             "said": [{"body": each.owing.body.name, "value": each.filed.value, "counted": each.filed.counted,
                       "off": each.filed.off, "why": each.filed.why, "explains": each.explains if each.filed.off else "",
                       "filed_at": days.local(each.filing.filed_at, here.zone)[11:16]} for each in one.said]}
            for one in filed.differing(owing)]


def _named(figure: Figure) -> str:
    return figure.zh if (get_language() or "").startswith("zh") else figure.en


def _unit(figure: Figure) -> str:
    return figure.unit_zh if (get_language() or "").startswith("zh") else figure.unit_en
