"""Where I was: a worker says it before he comes back, and reads what was decided and why."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jiugong.http import UNPROCESSABLE, sentence_of
from jiugong.lib import clock, days
from jiugong.lib.acting import looked
from jiugong.lib.refusal import Refusal
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Badge
from jiugong.registry.queries.badges import address_of
from jiugong.standing.actions import himself
from jiugong.standing.views.worker import for_the_holder
from jiugong.tracing.actions.stays import tell_stay, withdraw_stay
from jiugong.tracing.models import Returned, Stay
from jiugong.tracing.returning_faces import sentence_of as fact_in_words
from jiugong.tracing.returning_faces import verdict_in_words
from jiugong.tracing.risk_forms import StayForm

SHOWN = 20


@require_http_methods(["GET", "POST"])
@for_the_holder
def stays(request: HttpRequest, badge: Badge) -> HttpResponse:
    """What he told, what was decided, and a form for another place."""
    if request.method != "POST":
        return _page(request, badge, StayForm())
    form = StayForm(request.POST)
    if not form.is_valid():
        return _page(request, badge, form)
    try:
        tell_stay(badge.person, actor=himself(badge.person), **form.cleaned_data)
    except Refusal as refusal:
        return _page(request, badge, form, refusal)
    messages.success(request, _("It is kept. An officer compares it with the areas at risk and decides."))
    return _again(badge)


@require_POST
def withdraw(request: HttpRequest, shown: str, stay: int) -> HttpResponse:
    """It was told wrongly."""
    @for_the_holder
    def taken_back(request: HttpRequest, badge: Badge) -> HttpResponse:
        row = Stay.objects.filter(person=badge.person, pk=stay).first()
        if row is None:
            raise NotHere()
        withdraw_stay(row, actor=himself(badge.person))
        return _again(badge)
    return taken_back(request, shown)


def _page(request: HttpRequest, badge: Badge, form: StayForm, wrong: Refusal | None = None) -> HttpResponse:
    person = badge.person
    looked(actor=himself(person), park_id=person.park_id, person_ids=[person.pk], fields=("own_page",),
           reason="opened his own page", at=clock.now())
    decided = Returned.objects.filter(person=person).order_by("-on").first()
    return render(request, "standing/worker_stays.html", {
        "person": person, "park_name": badge.park.name, "shown": address_of(badge), "form": form, "client_id": uuid4().hex,
        "wrong": sentence_of(wrong) if wrong else "", "today": days.day_of(clock.now(), badge.park.zone),
        "stays": Stay.objects.filter(person=person, withdrawn_at=None).order_by("-last_day", "-pk")[:SHOWN], "decided": decided,
        "verdict": verdict_in_words(decided.outcome) if decided else "",
        "because": [fact_in_words(fact) for fact in decided.because] if decided else [],
        "language_next": f"/me/{address_of(badge)}/stays"}, status=UNPROCESSABLE if wrong or form.errors else 200)


def _again(badge: Badge) -> HttpResponseRedirect:
    answer = redirect("me-stays", shown=address_of(badge))
    answer.status_code = 303
    return answer
