"""Recording evidence on a phone: whom or what it is about, then one short form that remembers the last one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiugong.duties.actions.evidence import record
from jiugong.duties.errors import EvidenceMisshapen, SubjectUnclear, SubjectUnknown
from jiugong.duties.faces import reference, where
from jiugong.duties.forms import FORMS, EntryForm, ReturneeListForm
from jiugong.duties.logic import KINDS, advice
from jiugong.duties.queries.owing import asked_by, due_at
from jiugong.duties.queries.parameters import parameters_on
from jiugong.duties.queries.returnees import latest_lists, returnees_on
from jiugong.duties.queries.subjects import Subject, Subjects, Whom, subjects_found
from jiugong.duties.sentences import advice_in_words
from jiugong.duties.words import ICONS, kind_in_words
from jiugong.http import actor_of
from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, looked
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park, Person, Posting, Unit
from jiugong.registry.queries.doors import park_for
from jiugong.registry.queries.people import within

MEMORY, MOST_RECENT, MOST_OFFERED, MOST_EMPTY_ROWS = "duties", 5, 30, 5


@require_http_methods(["GET", "POST"])
def record_evidence(request: HttpRequest, park: UUID, kind: str) -> HttpResponse:
    """Choose whom or what it is about, fill in the form, and be told what to do where something is out of range."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must_somewhere(Can.RECORD_EVIDENCE, within=here)
    if kind not in FORMS:
        raise NotHere()
    asked = request.POST if request.method == "POST" else request.GET
    if not any(asked.get(name) for name in ("person", "unit", "place")):
        return _choose(request, actor, here, kind)
    subject = _subject(asked, actor, here)
    parameters = parameters_on(here, days.day_of(clock.now(), here.zone))
    memory = request.session.get(MEMORY, {}).get(kind, {})
    form = FORMS[kind](request.POST if request.method == "POST" else None, park=here, parameters=parameters, initial=memory)
    if request.method == "POST" and form.is_valid() and _record(request, form, here, subject, kind, actor):
        _remember(request, kind, form, subject)
        return redirect("record-evidence", park=here.uid, kind=kind)
    if isinstance(subject, Person):
        looked(actor=actor, park_id=here.pk, person_ids=[subject.pk], fields=("evidence",), reason="recorded evidence",
               at=clock.now())
    return render(request, "duties/record.html", {
        "here": here, "kind": kind, "kind_name": kind_in_words(kind), "icon": ICONS[kind], "form": form,
        "subject": subject, "where": where(subject), "reference": reference(subject).split("="),
        "rows": _rows(form, subject, here), "courses": getattr(form, "courses", None),
        "crumbs": _crumbs(here, kind, str(subject))}, status=422 if form.is_bound else 200)


def _crumbs(here: Park, kind: str, subject: str = "") -> list[tuple[str, str | None]]:
    kind_url = reverse("record-evidence", args=[here.uid, kind]) if subject else None
    return [(_("Duties"), reverse("duties", args=[here.uid])), (kind_in_words(kind), kind_url),
            *([(subject, None)] if subject else [])]


def _subject(asked: Any, actor: Actor, here: Park) -> Subject:
    """Whom the address means. Raises NotHere: hidden and absent look alike."""
    try:
        whom = Whom(person=UUID(asked["person"]) if asked.get("person") else None,
                    unit=UUID(asked["unit"]) if asked.get("unit") else None,
                    place=int(asked["place"]) if asked.get("place", "").isdecimal() and len(asked["place"]) < 18 else None)
        return Subjects(actor, here, Can.RECORD_EVIDENCE, [whom]).one(whom)
    except (ValueError, SubjectUnclear, SubjectUnknown) as reason:
        raise NotHere() from reason


def _record(request: HttpRequest, form: EntryForm, here: Park, subject: Subject, kind: str, actor: Actor) -> bool:
    """Record what the form says; what is wrong with it stands at its field."""
    data = form.as_data()
    try:
        kept = record(here, subject, kind=kind, data=data, happened_at=form.happened_at,
                      client_id=form.cleaned_data["client_id"], actor=actor)
    except EvidenceMisshapen as refusal:
        field = str(refusal.facts["field"])
        said = str(refusal.facts["wrong"])
        if field in form.fields:
            form.add_error(field, said)
        else:
            form.add_error(None, f"{_field_in_words(field)}: {said}")
        return False
    advised = advice(kind, kept.data, form.parameters)
    waits = KINDS[kind].checked and kept.valid
    messages.success(request, (_("%(kind)s of %(subject)s is recorded. It counts once somebody else has checked it.") if waits
                               else _("%(kind)s of %(subject)s is recorded.")) % {
        "kind": kind_in_words(kind), "subject": subject})
    for each in advised:
        messages.warning(request, f"{subject}: {advice_in_words(each)}")
    return True


def _field_in_words(field: str) -> str:
    """A field of one person of a list, as people say it: `returnees.2.from`."""
    _list, _dot, rest = field.partition(".")
    number, _dot, name = rest.partition(".")
    labels = {"name": _("Name"), "from": _("From where"), "arriving_on": _("Arriving on"), "by": _("Vehicle")}
    return " · ".join(each for each in (_("Person %(number)s") % {"number": number} if number else "", labels.get(name, "")) if each
                      ) or kind_in_words("returnee_list")


def _remember(request: HttpRequest, kind: str, form: EntryForm, subject: Subject) -> None:
    """Keep the last agent, place, course … in the session, so that the next entry takes two taps."""
    kept = request.session.get(MEMORY, {})
    recent = [reference(subject), *(each for each in kept.get("recent", {}).get(kind, []) if each != reference(subject))]
    request.session[MEMORY] = {**kept, kind: form.kept(), "recent": {**kept.get("recent", {}), kind: recent[:MOST_RECENT]}}


def _rows(form: EntryForm, subject: Subject, here: Park) -> list[dict[str, str]]:
    """The rows of a list of returnees: what was sent, else the list before, and a few empty ones."""
    if not isinstance(form, ReturneeListForm):
        return []
    rows = [row for row in form.rows if any(row.values())]
    if not form.is_bound and isinstance(subject, Unit):
        today = days.day_of(clock.now(), here.zone).isoformat()
        before = latest_lists(here, clock.now(), (subject.path,)).filter(unit=subject).first()
        rows = [row for row in returnees_on(before) if row["arriving_on"] >= today] if before else []
    empty = {"name": "", "from": "", "arriving_on": "", "by": ""}
    return [*rows, *(dict(empty) for _each in range(MOST_EMPTY_ROWS))]


# whom it is about ---------------------------------------------------------------------------------------------------

def _choose(request: HttpRequest, actor: Actor, here: Park, kind: str) -> HttpResponse:
    """The last ones, those who owe it and have not done it, and a search."""
    about, text = KINDS[kind].about, request.GET.get("q", "").strip()
    recent = request.session.get(MEMORY, {}).get("recent", {}).get(kind, [])
    found = subjects_found(actor, here, about, text)[:MOST_OFFERED] if text else []
    missing = [] if text else _missing(actor, here, kind)
    offered = [*found, *missing]
    looked(actor=actor, park_id=here.pk, fields=("list",), reason="opened a list of names", at=clock.now(),
           person_ids=[each.pk for each in offered if isinstance(each, Person)])
    everything = subjects_found(actor, here, about, "")[:MOST_OFFERED] if not text and not missing and about != "person" else []
    return render(request, "duties/choose.html", {
        "here": here, "kind": kind, "kind_name": kind_in_words(kind), "icon": ICONS[kind], "search": text, "about": about,
        "lists": [(title, [_choice(each) for each in listed]) for title, listed in (
            (_("Found"), found), (_("The last ones"), [] if text else _again(recent, actor, here)), (_("Not done yet"), missing),
            (_("Choose"), everything)) if listed],
        "crumbs": _crumbs(here, kind)})


def _choice(subject: Subject) -> dict[str, str]:
    return {"name": str(subject), "where": where(subject), "url": f"?{reference(subject)}"}


def _again(recent: list[str], actor: Actor, here: Park) -> list[Subject]:
    """Those of the last ones that are still there and open to the actor."""
    whoms = []
    for each in recent:
        name, _equals, value = each.partition("=")
        whoms.append(Whom(place=int(value)) if name == "place" else Whom(person=UUID(value)) if name == "person"
                     else Whom(unit=UUID(value)))
    subjects, found = Subjects(actor, here, Can.RECORD_EVIDENCE, whoms), []
    for whom in whoms:
        try:
            found.append(subjects.one(whom))
        except SubjectUnknown:
            continue
    return found


def _missing(actor: Actor, here: Park, kind: str) -> list[Subject]:
    """Those who owe evidence of this kind now and have not done it, over whom the actor records."""
    at, reach = clock.now(), actor.reach(Can.RECORD_EVIDENCE)
    for due in due_at(here, at):
        if due.rule.evidence != kind:
            continue
        rows = asked_by(here, due, at, reach).missing()
        if due.rule.subject == "person":
            people: list[Subject] = [row.person for row in rows.filter(within(reach)).select_related("person").order_by(
                "enterprise__name", "unit__path", "person__name")[:MOST_OFFERED] if isinstance(row, Posting)]
            if people:
                return people
        else:
            above = "parent" if due.rule.subject == "place" else "enterprise"
            if listed := list(rows.select_related(above).order_by("path")[:MOST_OFFERED]):
                return listed
    return []
