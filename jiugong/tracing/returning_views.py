"""Returnees: who comes back, where each was, what the rules say, and what a person decides."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiugong.http import actor_of, sentence_of
from jiugong.lib import clock, sheets
from jiugong.lib.acting import Actor, NotAllowed, looked
from jiugong.lib.can import Can
from jiugong.lib.refusal import Refusal
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park, Person
from jiugong.registry.queries.doors import park_for, person_for
from jiugong.registry.queries.people import today_in, whereabouts
from jiugong.registry.views.lists import A_PAGE, chosen_of, day_asked, filter_by, wants_workbook, workbook_of
from jiugong.tracing.actions.returning import decide_return
from jiugong.tracing.actions.stays import import_stays, read_stay_file, tell_stay, withdraw_stay
from jiugong.tracing.models import Returned, Stay
from jiugong.tracing.queries.returnees import STATES, Returnee, returnee_of, returnees_on
from jiugong.tracing.returning_faces import returnee_rows, verdict_in_words
from jiugong.tracing.risk_forms import StayForm
from jiugong.tracing.risk_pages import crumbs_to, export_of, take_list

SHOWN = 20


@require_GET
def returning(request: HttpRequest, park: UUID) -> HttpResponse:
    """Who comes back around a day: without a verdict first."""
    actor, at = actor_of(request), clock.now()
    here = park_for(actor, park)
    today = today_in(here)
    day, state = min(day_asked(request, today), today), chosen_of(request, "state", STATES)
    text = request.GET.get("q", "").replace("\0", "").strip()
    everybody = returnees_on(actor, here, day, at)
    found = [each for each in everybody if (not state or each.state == state) and _says(each, text)]
    if wants_workbook(request):
        _look(actor, here, found)
        return _workbook(found, here, day)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    _look(actor, here, list(page))
    numbers = {each: sum(row.state == each for row in everybody) for each in STATES}
    return render(request, "tracing/returning.html", {
        "page": page, "rows": returnee_rows(page, here, day), "uid": here.uid, "day": day, "search": text,
        "filters": [filter_by("state", _("Stage"), (
            ("decide", f"{_('To be decided')} {numbers['decide']}"), ("ask", f"{_('To be asked')} {numbers['ask']}"),
            ("decided", f"{_('Decided')} {numbers['decided']}")), state)],
        "clear_url": request.path if text or state or day != today else "", "export_url": export_of(request),
        "may_import": actor.may(Can.IMPORT_RECORDS, over=here), "crumbs": crumbs_to(here, (_("Returnees' check"), None))})


def _says(each: Returnee, text: str) -> bool:
    key = sheets.name_key(text)
    return not key or any(key in sheets.name_key(one) for one in (each.name, each.origin, *(stay.area for stay in each.stays)))


def _workbook(found: list[Returnee], park: Park, day: date) -> HttpResponse:
    headings = [_("Name"), _("Where"), _("From where"), _("Arriving on"), _("Where he was"), _("By the rules"), _("Decided"),
                _("Reason"), _("Why"), _("By")]
    rows = ([row["name"], row["unit"], row["origin"], row["arriving_on"], row["stays"], row["proposed_word"], row["word"],
             row["reason"], " ".join(row["because"]), row["by"]] for row in returnee_rows(found, park, day))
    return workbook_of(_("Returnees' check"), headings, rows, day)


def _look(actor: Actor, park: Park, rows: list[Returnee]) -> None:
    looked(actor=actor, park_id=park.pk, fields=("list",), reason="opened the returnees", at=clock.now(),
           person_ids=[row.person.pk for row in rows if row.person])


def _person(request: HttpRequest, park: UUID, person: UUID) -> tuple[Actor, Park, Person]:
    """Somebody of this park whom the actor sees as an officer of incidents. Raises NotHere."""
    actor = actor_of(request)
    here = park_for(actor, park)
    found = person_for(actor, person, Can.SEE_INCIDENTS)
    if found.park_id != here.pk:
        raise NotHere()
    return actor, here, found


@require_GET
def one(request: HttpRequest, park: UUID, person: UUID) -> HttpResponse:
    """Where a returnee was, what the rules say of it, and what is to be decided."""
    actor, here, found = _person(request, park, person)
    return _page(request, actor, here, found, StayForm())


def _page(request: HttpRequest, actor: Actor, park: Park, person: Person, form: StayForm, wrong: Refusal | None = None,
          chosen: str = "") -> HttpResponse:
    looked(actor=actor, park_id=park.pk, person_ids=[person.pk], fields=("evidence",), reason="opened where a returnee was",
           at=clock.now())
    day = today_in(park)
    row = returnee_rows([returnee_of(person, day)], park, day)[0]
    stays = Stay.objects.filter(person=person).order_by("-last_day", "-pk")[:SHOWN]
    return render(request, "tracing/returning_one.html", {
        "row": row, "person": person, "uid": park.uid, "day": day, "form": form, "wrong": sentence_of(wrong) if wrong else "",
        "stays": stays, "chosen": chosen or row["proposed"],
        "returns": [(each, verdict_in_words(each.outcome))
                    for each in Returned.objects.filter(person=person).order_by("-on")[:SHOWN]],
        "may_tell": actor.may(Can.RECORD_EVIDENCE, over=whereabouts(person)),
        "may_decide": actor.may(Can.CARRY_OUT_ORDERS, over=whereabouts(person)),
        "crumbs": crumbs_to(park, (_("Returnees' check"), reverse("returning", args=[park.uid])), (person.name, None))},
        status=422 if wrong or form.errors else 200)


def _did(request: HttpRequest, park: Park, person: Person, act: Callable[[], object], said: str, form: StayForm | None = None,
         chosen: str = "") -> HttpResponse:
    """What was asked for is done; what the house refuses and the reader can mend stands on the page."""
    try:
        act()
    except NotAllowed:
        raise
    except Refusal as refusal:
        return _page(request, actor_of(request), park, person, form or StayForm(), refusal, chosen)
    messages.success(request, said)
    return redirect("returning-one", park=park.uid, person=person.uid)


@require_POST
def tell(request: HttpRequest, park: UUID, person: UUID) -> HttpResponse:
    """Where he was, as he says it to an officer."""
    actor, here, found = _person(request, park, person)
    actor.must(Can.RECORD_EVIDENCE, over=whereabouts(found))
    form = StayForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, here, found, form)
    return _did(request, here, found, lambda: tell_stay(found, actor=actor, **form.cleaned_data), _("It is kept."), form)


@require_POST
def withdraw(request: HttpRequest, park: UUID, stay: int) -> HttpResponse:
    """It was told wrongly."""
    actor = actor_of(request)
    here = park_for(actor, park)
    row = Stay.objects.filter(park=here, pk=stay).select_related("person__park").first()
    if row is None or not actor.may(Can.SEE_INCIDENTS, over=whereabouts(row.person)):
        raise NotHere()
    return _did(request, here, row.person, lambda: withdraw_stay(row, actor=actor), _("It is taken back, and stays on record."))


@require_POST
def decide(request: HttpRequest, park: UUID, person: UUID) -> HttpResponse:
    """What today's rules say holds for him, with a reason."""
    actor, here, found = _person(request, park, person)
    return _did(request, here, found, lambda: decide_return(found, reason=request.POST.get("reason", ""), actor=actor),
                _("It is decided, with your reason and your name; he reads it on his page."))


@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, park: UUID) -> HttpResponse:
    """Take in a list of where people were."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must(Can.IMPORT_RECORDS, over=here)
    return take_list(
        request, here, kind="stays", title=_("Take in where people were"), button=_("Take in these stays"),
        lead=_("A CSV or Excel list with the headings 姓名, 身份证号, 旅居地, 到达日期 and 离开日期. The same list again "
               "changes nothing."),
        take=lambda content, name: import_stays(here, read_stay_file(content, name=name, park=here), actor=actor),
        counted=lambda told: [(_("New stays"), told["created"]["stays"])],
        back=(_("Returnees' check"), reverse("returning", args=[here.uid])))
