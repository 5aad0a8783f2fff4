"""What the board's parts are given: squares, the line of truth, the curve, groups of names, things, and matters."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiugong.briefs.board import Curve, Question, Square, last_done
from jiugong.briefs.reminding import Sent
from jiugong.duties.models import Excuse
from jiugong.lib import days
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.lib.matters import Matter
from jiugong.registry.models import Park, Place, Posting
from jiugong.registry.queries.charges import Answering, answering_for
from jiugong.registry.queries.coverage import Coverage
from jiugong.registry.words import Role

IN_CHAIN = (Role.TEAM_LEADER, Role.WORKSHOP_LEADER, Role.ENTERPRISE_CHIEF, Role.PREVENTION_OFFICER, Role.GRID_LEADER,
            Role.PARK_CHIEF)
STATES = ("owed", "done", "excused", "missing")
AN_HOUR = 60                                 # minutes


def square_of(square: Square, question: Question, url: str, matters: Sequence[Matter] = ()) -> dict[str, Any]:
    """One tile as the page draws it; it glows where nobody answers and where something inside it needs a person."""
    covered, nearest = square.covered, next(iter(square.answering), None)
    held = sum(1 for matter in matters if matter.state == "held" and set(matter.enterprises) & set(square.enterprises))
    alert = ngettext("%(count)s tube to be retested", "%(count)s tubes to be retested", held) % {"count": held} if held else ""
    if not nearest and square.thing is not None:
        alert = alert or _("Nobody in charge")
    return {"name": square.name or _("In no grid"), "url": url, "leader": nearest.person.name if nearest else "",
            "owed": covered.owed, "done": covered.done, "excused": covered.excused, "missing": covered.missing,
            "late": question.late(covered), "percent": covered.percent, "alert": alert,
            "grid": square.thing.pk if isinstance(square.thing, Place) else ""}


def truth_of(question: Question, park: Park, actor: Actor, covered: Coverage | None = None,
             **where: str | UUID | int) -> dict[str, Any]:
    """The line that always adds up; each of its figures opens to the names, for who may see them."""
    covered = question.asked().coverage() if covered is None else covered
    of_people = question.subject == "person"
    page = reverse("names" if of_people else "things", args=[park.uid])
    opens = not of_people or actor.may_somewhere(Can.SEE_PEOPLE, within=park)
    urls = {f"{show}_url": f"{page}?{urlencode({'of': question.of, 'show': show, **where})}" for show in STATES if opens}
    truth = {"owed": covered.owed, "done": covered.done, "excused": covered.excused, "missing": covered.missing,
             "late": question.late(covered), "percent": covered.percent, **urls}
    may_remind = of_people and actor.may_somewhere(Can.REMIND, within=park) and question.at >= question.opens_at
    if covered.missing and may_remind:
        missing = covered.missing
        truth |= {
            "action_url": reverse("names-remind", args=[park.uid]), "action_fields": {"of": question.of, "all": "yes", **where},
            "action_label": ngettext("Remind %(count)s missing person", "Remind %(count)s missing people", missing) % {
                "count": missing},
            "action_confirm": ngettext("Send a reminder to %(count)s person who is missing?",
                                       "Send a reminder to each of %(count)s people who are missing?", missing) % {
                "count": missing}}
    return truth


def question_words(question: Question, park: Park) -> dict[str, str]:
    """What the board asks, in words: its title and its window."""
    opens, closes = (at.astimezone(park.zone) for at in (question.opens_at, question.closes_at))
    return {"title": question.title, "day": question.day.isoformat(), "window": f"{opens:%H:%M}–{closes:%H:%M}",
            "closed": _("closed") if question.is_late else ""}


def curve_face(curve: Curve | None, question: Question, park: Park) -> dict[str, Any]:
    """The hours as bars, and the forecast as a sentence; nothing is said where there is no pace."""
    if curve is None:
        return {"hours": [], "forecast": ""}
    most = max((count for _hour, count in curve.hours), default=1)
    hours = [{"label": f"{hour}:00", "count": count, "percent": count * 100 // most} for hour, count in curve.hours]
    if curve.done_at is None:
        return {"hours": hours, "forecast": "", "forecast_late": False}
    late = curve.done_at > question.closes_at
    minutes = int((curve.done_at - question.closes_at).total_seconds() // 60)
    local = curve.done_at.astimezone(park.zone)
    clock = local.strftime("%H:%M" if days.day_of(curve.done_at, park.zone) == question.day else "%m-%d %H:%M")
    words = (_("At the pace of the last hour done at %(clock)s") if not late
             else _("At the pace of the last hour done at %(clock)s, %(minutes)s minutes after the end") if minutes < AN_HOUR
             else _("At the pace of the last hour done at %(clock)s, %(hours)s h %(minutes)s min after the end"))
    said = words % {"clock": clock, "hours": minutes // AN_HOUR, "minutes": minutes if minutes < AN_HOUR else minutes % AN_HOUR}
    return {"hours": hours, "forecast": said, "forecast_late": late}


def matter_faces(matters: Iterable[Matter], park: Park, at: datetime) -> list[dict[str, Any]]:
    """Matters as the list shows them: since when, or until when."""
    return [{"kind": each.state, "text": each.text, "owner": each.owner, "url": each.url,
             "at": _since(each, park, at)} for each in matters]


def _since(matter: Matter, park: Park, at: datetime) -> str:
    moment = matter.since or matter.until
    if moment is None:
        return ""
    local, today = moment.astimezone(park.zone), days.day_of(at, park.zone)
    clock = local.strftime("%H:%M" if local.date() == today else "%m-%d %H:%M")
    return (_("since %(clock)s") if matter.since else _("until %(clock)s")) % {"clock": clock}


# names --------------------------------------------------------------------------------------------------------------

def groups_of(page: Iterable[Posting], question: Question, show: str, park: Park, actor: Actor,
              sent: dict[int, list[Sent]]) -> list[dict[str, Any]]:
    """Names by team, each with its chain of responsibility; for each person the last evidence and who was reminded when."""
    postings = list(page)
    answering = answering_for({posting.unit for posting in postings}, question.day)
    people = [posting.person_id for posting in postings]
    last, reasons, state = last_done(question, people), _reasons(people, question.at), _state_of(postings, question, show)
    sampled = not question.evidence or question.evidence == "specimen"
    groups: dict[int, dict[str, Any]] = {}
    for posting in postings:
        person, chain = posting.person, answering.get(posting.unit_id, [])
        group = groups.setdefault(posting.unit_id, {
            "name": f"{posting.enterprise} · {posting.unit}", "people": [], "chain": _chain(chain),
            "leader": chain[0].person.name if chain else ""})
        moment = last.get(posting.person_id)
        said = (_("last sampled %(at)s") if sampled else _("last done %(at)s")) % {
            "at": days.local(moment, park.zone)[5:16]} if moment else ""
        is_missing = state[posting.person_id] in ("missing", "late")
        group["people"].append({
            "id": person.uid, "name": person.name, "masked_id": person.masked_id,
            "url": reverse("person", args=[park.uid, person.uid]), "enterprise": posting.enterprise.name,
            "team": posting.unit.name, "shift": posting.get_shift_display(), "state": state[posting.person_id],
            "reason": reasons.get(posting.person_id, ""), "phone_masked": person.masked_phone, "last": said,
            "phone_url": (f"{reverse('show-number', args=[park.uid])}?person={person.uid}"
                          if person.phone_sealed and actor.may(Can.SHOW_IDENTITY, over=posting) else ""),
            "may_remind": is_missing and actor.may(Can.REMIND, over=posting),
            "reminded": _reminded(sent.get(posting.person_id, ()), park)})
    return list(groups.values())


def _reminded(sent: Iterable[Sent], park: Park) -> str:
    """Who was reminded when, himself first, then how far up."""
    said = []
    for each in sent:
        clock = each.at.astimezone(park.zone).strftime("%H:%M")
        said.append(_("reminded %(clock)s by %(by)s") % {"clock": clock, "by": each.by} if not each.role
                    else _("%(role)s %(name)s told %(clock)s") % {"role": Role(each.role).label, "name": each.to, "clock": clock})
    return " → ".join(said)


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
