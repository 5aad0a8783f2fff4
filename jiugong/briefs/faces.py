"""What the board's parts are given: squares, the line of truth, groups of names, and what needs somebody."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from jiugong.briefs.board import Question, Square, last_sampled
from jiugong.briefs.language import in_language
from jiugong.duties.models import Excuse
from jiugong.lib import days
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.models import Park, Posting
from jiugong.registry.queries.charges import Answering, answering_for, unanswered
from jiugong.registry.queries.coverage import Coverage
from jiugong.registry.words import Role
from jiugong.rulebook.queries import duties_on
from jiugong.screening.queries.tubes import open_retests

IN_CHAIN = (Role.TEAM_LEADER, Role.WORKSHOP_LEADER, Role.ENTERPRISE_CHIEF, Role.PREVENTION_OFFICER, Role.GRID_LEADER,
            Role.PARK_CHIEF)
STATES = {"owed": "owed", "done": "done", "excused": "excused", "missing": "missing"}


def square_of(square: Square, question: Question, url: str) -> dict[str, Any]:
    """One tile as the page draws it."""
    covered, nearest = square.covered, next(iter(square.answering), None)
    return {"name": square.name or _("In no grid"), "url": url, "leader": nearest.person.name if nearest else "",
            "owed": covered.owed, "done": covered.done, "excused": covered.excused, "missing": covered.missing,
            "late": question.late(covered), "percent": covered.percent,
            "alert": "" if nearest or square.thing is None else _("Nobody in charge")}


def truth_of(question: Question, park: Park, actor: Actor, covered: Coverage | None = None,
             **where: str | UUID | int) -> dict[str, Any]:
    """The line that always adds up; each of its figures opens to the names, for who may see them."""
    covered = question.asked().coverage() if covered is None else covered
    names = reverse("names", args=[park.uid])
    urls = {f"{show}_url": f"{names}?{urlencode({'of': question.of, 'show': show, **where})}" for show in STATES
            if actor.may_somewhere(Can.SEE_PEOPLE, within=park)}
    return {"owed": covered.owed, "done": covered.done, "excused": covered.excused, "missing": covered.missing,
            "late": question.late(covered), "percent": covered.percent, **urls}


def question_words(question: Question, park: Park) -> dict[str, str]:
    """What the board asks, in words: its title and its window."""
    kind, _colon, key = question.of.partition(":")
    if kind == "round":
        title = _("Round %(number)s") % {"number": key}
    else:
        rule = next((each for each in duties_on(park, question.day) if each.key == key), None)
        title = in_language(rule.title) if rule else key
    opens, closes = (at.astimezone(park.zone) for at in (question.opens_at, question.closes_at))
    return {"title": title, "day": question.day.isoformat(), "window": f"{opens:%H:%M}–{closes:%H:%M}",
            "closed": _("closed") if question.is_late else ""}


def groups_of(page: Iterable[Posting], question: Question, show: str, park: Park) -> list[dict[str, Any]]:
    """Names by team, each with its chain of responsibility, and for each person when he was sampled last."""
    postings = list(page)
    answering = answering_for({posting.unit for posting in postings}, question.day)
    people = [posting.person_id for posting in postings]
    last = last_sampled(people, question.at)
    reasons = _reasons(people, question.at)
    state = _state_of(postings, question, show)
    groups: dict[int, dict[str, Any]] = {}
    for posting in postings:
        chain = answering.get(posting.unit_id, [])
        group = groups.setdefault(posting.unit_id, {
            "name": f"{posting.enterprise} · {posting.unit}", "people": [], "chain": _chain(chain),
            "leader": chain[0].person.name if chain else ""})
        moment = last.get(posting.person_id)
        group["people"].append({
            "id": posting.person.uid, "name": posting.person.name, "masked_id": posting.person.masked_id,
            "url": reverse("person", args=[park.uid, posting.person.uid]), "enterprise": posting.enterprise.name,
            "team": posting.unit.name, "shift": posting.get_shift_display(), "state": state[posting.person_id],
            "reason": reasons.get(posting.person_id, ""), "phone_masked": posting.person.masked_phone,
            "last": _("last sampled %(at)s") % {"at": days.local(moment, park.zone)[5:16]} if moment else ""})
    return list(groups.values())


def _state_of(postings: list[Posting], question: Question, show: str) -> dict[int, str]:
    """The state of each person; a list of everybody who owes has to ask for it."""
    missing = "late" if question.is_late else "missing"
    if show != "owed":
        return {posting.person_id: missing if show == "missing" else show for posting in postings}
    asked = question.asked(person__in=[posting.person_id for posting in postings])
    done = set(asked.done_rows().values_list("person_id", flat=True))
    excused = set(asked.excused_rows().values_list("person_id", flat=True))
    return {posting.person_id: "done" if posting.person_id in done else "excused" if posting.person_id in excused
            else missing for posting in postings}


def _reasons(people: list[int], at: datetime) -> dict[int, str]:
    rows = Excuse.objects.filter(person_id__in=people, since_at__lte=at, until_at__gt=at, withdrawn_at=None)
    return dict(rows.values_list("person_id", "reason"))


def _chain(answering: Iterable[Answering]) -> list[dict[str, str]]:
    """Who answers, nearest first: one name for each role, so that the whole way up to the park stands in a line."""
    nearest: dict[Role, Answering] = {}
    for each in answering:
        nearest.setdefault(each.role, each)
    return [{"role": str(each.role.label), "name": each.person.name} for each in nearest.values() if each.role in IN_CHAIN]


def matters_of(actor: Actor, park: Park, at: datetime) -> list[dict[str, Any]]:
    """What needs somebody now: tubes that were not negative, and things for which nobody answers."""
    reach, day = actor.reach(Can.SEE_BOARD), days.day_of(at, park.zone)
    matters = []
    tubes: dict[str, list[Any]] = {}
    for retest in open_retests(park, at, reach):
        tubes.setdefault(retest.specimen.tube.code, []).append(retest)
    for code, retests in tubes.items():
        first = retests[0]
        matters.append({
            "kind": "held", "url": (reverse("tube", args=[park.uid, code]) if actor.may_somewhere(Can.SEE_PEOPLE, within=park)
                                    else reverse("figure", args=[park.uid, "screening.retests_open"])),
            "at": first.opened_at.astimezone(park.zone).strftime("%H:%M"), "owner": _owners(retests, day),
            "text": _("Tube %(tube)s is %(result)s: %(count)s people are to be sampled alone") % {
                "tube": code, "result": first.because.get_value_display(), "count": len(retests)}})
    found = unanswered(park, day, reach)
    rows = reverse("figure", args=[park.uid, "registry.unanswered"])
    for thing in [*found.grids, *found.enterprises, *(f"{team.enterprise} · {team}" for team in found.teams)][:20]:
        matters.append({"kind": "missing", "url": rows, "owner": "", "at": "",
                        "text": _("Nobody answers for %(thing)s") % {"thing": thing}})
    return matters


def _owners(retests: list[Any], day: Any) -> str:
    """Who answers for the people of a tube: the nearest for each of their teams."""
    people = [retest.specimen.person_id for retest in retests if retest.specimen.person_id]
    postings = Posting.objects.filter(person_id__in=people, until=None).select_related("unit")
    answering = answering_for({posting.unit for posting in postings}, day)
    names = dict.fromkeys(chain[0].person.name for chain in answering.values() if chain)
    return "、".join(list(names)[:4])
