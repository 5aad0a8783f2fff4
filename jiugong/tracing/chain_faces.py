"""From an incident to what its page shows: steps of the clock, the chain as a picture, counts by stage, the story."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from jiugong.journal.words import actor_in_words, facts_in_words, verb_in_words
from jiugong.lib import days
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.policy import PolicyRefusal
from jiugong.registry.models import Park
from jiugong.registry.queries.people import people_seen
from jiugong.tracing.actions.cases import release_of
from jiugong.tracing.actions.contacts import MANUAL
from jiugong.tracing.actions.marking import BY_HAND
from jiugong.tracing.errors import NoExposures, NothingAdopted
from jiugong.tracing.faces import CASE_LOOKS, span, when
from jiugong.tracing.models import Case, Incident, Member, Pseudonym
from jiugong.tracing.queries.chain import Chain
from jiugong.tracing.queries.incidents import Tick
from jiugong.tracing.queries.own import rule_in_words
from jiugong.tracing.queries.reach import sees_whole
from jiugong.tracing.queries.rules import grounds_on
from jiugong.tracing.queries.story import Line
from jiugong.tracing.sentences import ended_in_words, reason_in_words
from jiugong.tracing.stages import CaseStage
from jiugong.tracing.words import Authority, CaseStageWord, ContactClass, OrderKind, StepKind

GROUP_WORDS: Mapping[str, tuple[str, Any]] = {
    "proposed": ("missing", gettext_lazy("Proposed")), "held": ("held", gettext_lazy("Held")),
    "ordered": ("held", gettext_lazy("Ordered")), "informed": ("held", gettext_lazy("Informed")),
    "transfer": ("held", gettext_lazy("In transfer")), "controlled": ("held", gettext_lazy("Under control")),
    "released": ("done", gettext_lazy("Released")), "withdrawn": ("owed", gettext_lazy("Taken back"))}
RETEST_LOOKS = {"": ("missing", gettext_lazy("waits")), "negative": ("done", gettext_lazy("negative")),
                "positive": ("late", gettext_lazy("positive")), "suspicious": ("missing", gettext_lazy("suspicious")),
                "invalid": ("owed", gettext_lazy("invalid"))}
ROWS_OF = {StepKind.HELD: "state=standing&kind=hold", StepKind.ORDERED: "state=proposed&kind=close_contact",
           StepKind.INFORMED: "state=standing&kind=close_contact", StepKind.CONTROLLED: "state=standing&kind=close_contact"}


def step_rows(chain: Chain, incident: Incident, park: Park) -> list[dict[str, Any]]:
    """The steps of the clock: those that are open and late first, then in their order."""
    rows = [_step(tick, chain, incident, park) for tick in chain.ticks]
    return sorted(rows, key=lambda row: not row["is_late"])


def _step(tick: Tick, chain: Chain, incident: Incident, park: Park) -> dict[str, Any]:
    step, kind = tick.step, StepKind(tick.step.kind)
    is_late = tick.is_late and not step.met_at
    state = "late" if is_late else "done" if step.met_at else "missing" if step.due_at else "owed"
    waits = 0 if step.met_at else chain.waits.get(kind, 0)
    orders = reverse("orders", args=[park.uid])
    return {
        "kind": kind.value, "word": str(kind.label), "state": state, "is_late": is_late, "started": when(step.started_at, park),
        "due": when(step.due_at, park), "met": when(step.met_at, park), "words": _in_words(tick),
        "by": actor_in_words(step.met_by, step.met_by_name or step.met_by) if step.met_by else "",
        "by_people": step.met_by not in HOUSE,
        "owner": str(step.owner) if step.owner else "", "law": step.authority == Authority.LAW,
        "authority": str(Authority(step.authority).label) if step.authority else "", "rule": step.rule,
        "rule_title": _title_of(step.rule, incident, park),
        "rule_url": rule_url(park, incident.release, step.rule) if step.rule else "", "waits": waits,
        "waits_url": f"{orders}?incident={incident.number}&{ROWS_OF[kind]}" if waits and kind in ROWS_OF else "",
        "by_hand": kind in BY_HAND and not step.met_at}


def _title_of(rule: str, incident: Incident, park: Park) -> str:
    """What the rule of a deadline is called, in the reader's language."""
    return rule_in_words(incident.release, rule, park, days.day_of(incident.told_at, park.zone))[0] if rule else ""


def _in_words(tick: Tick) -> str:
    """How long a step took, how late it is or was, how long there is still."""
    step = tick.step
    if step.met_at:
        took = span(step.met_at - step.started_at)
        if tick.is_late and step.due_at:
            return _("after %(time)s, late by %(late)s") % {"time": took, "late": span(step.met_at - step.due_at)}
        return _("after %(time)s") % {"time": took} if step.met_at > step.started_at else ""
    if step.due_at is None:
        return _("open")
    if tick.is_late:
        return _("late by %(time)s") % {"time": span(tick.at - step.due_at)}
    return _("%(time)s left") % {"time": span(step.due_at - tick.at)}


def rule_url(park: Park, release: str, rule: str) -> str:
    """Where a rule can be read: on the page of its pack; a park's own rule on the page of local rules."""
    if release and rule:
        return f"{reverse('rule-pack', args=[park.uid, release])}#{rule}"
    return reverse("supplements", args=[park.uid])


def count_rows(chain: Chain, incident: Incident, park: Park) -> list[dict[str, Any]]:
    """How many orders stand where; each count opens to its rows."""
    orders = reverse("orders", args=[park.uid])
    return [{"state": GROUP_WORDS[group][0], "word": str(GROUP_WORDS[group][1]), "count": count,
             "url": f"{orders}?incident={incident.number}&state={group}"}
            for group, count in chain.groups.items() if count or group not in ("proposed", "ordered", "withdrawn")]


def ground_words(incident: Incident) -> dict[str, str]:
    """What the grounds of an incident are called in its rules, in the reader's language."""
    language = "zh-hans" if (get_language() or "").startswith("zh") else "en"
    words = {MANUAL: _("Judged by people")}
    with suppress(NothingAdopted, NoExposures, PolicyRefusal):
        day = days.day_of(incident.told_at, incident.park.zone)
        words |= {ground: titles.get(language, ground)
                  for ground, titles in grounds_on(incident.park, release_of(incident), day).titles.items()}
    return words


def member_rows(members: Iterable[Member], actor: Actor, park: Park) -> list[dict[str, Any]]:
    """Who was in the tube, and what the single retest of each says."""
    listed = list(members)
    urls = people_urls(actor, park, [each.who for each in listed])
    return [{**who_face(each.who, urls), "position": each.position, "retest": each.retest,
             "retested": when(each.retest_reported_at, park), "state": RETEST_LOOKS[each.retest][0],
             "word": str(RETEST_LOOKS[each.retest][1])} for each in listed]


def case_rows(cases: Iterable[Case], chain: Chain, incident: Incident, actor: Actor) -> list[dict[str, Any]]:
    """Each case with its window and what it rests on, its contacts by ground, and whether it waits for a decision."""
    park, listed, words = incident.park, list(cases), ground_words(incident)
    urls = people_urls(actor, park, [each.who for each in listed])
    contacts = reverse("contacts", args=[park.uid, incident.number])
    rows = []
    for each in listed:
        grounds = chain.grounds.get(each.pk, [])
        most = max((people for _ground, people in grounds), default=0)
        rows.append({
            **who_face(each.who, urls), "pk": each.pk, "stage": each.stage, "word": str(CaseStageWord(each.stage).label),
            "state": CASE_LOOKS[CaseStage(each.stage)], "waits": each.stage == CaseStage.SUSPECTED,
            "since": when(each.since, park), "until": when(each.until, park), "because": window_in_words(each),
            "rule_url": rule_url(park, str(each.window_because.get("release", "")), str(each.window_because.get("rule", ""))),
            "assumed": bool(each.window_because.get("assumed")), "decided_by": each.decided_by_name, "reason": ended_in_words(
                each.reason), "grounds": [{
                    "ground": ground, "word": words.get(ground, ground), "count": people,
                    "percent": people * 100 // most if most else 0, "url": f"{contacts}?ground={ground}&case={each.pk}"}
                    for ground, people in grounds]})
    return rows


def window_in_words(case: Case) -> str:
    """From which fact the window of a case was counted."""
    because = case.window_because
    counted = {"last_negative_at": _("from the last negative test: found by routine screening"),
               "onset_at": ngettext("%(count)s day before the first symptoms", "%(count)s days before the first symptoms",
                                    int(because.get("days") or 0)) % {"count": because.get("days") or 0},
               "sampled_at": ngettext("%(count)s day before the sample", "%(count)s days before the sample",
                                      int(because.get("days") or 0)) % {"count": because.get("days") or 0}}
    return counted.get(str(because.get("counted_from", "")), "")


def people_urls(actor: Actor, park: Park, who: Iterable[Pseudonym]) -> dict[int, str]:
    """The pages of those whom the reader may open, by number of the person; one question for all."""
    wanted = {each.person_id for each in who if each.person_id}
    if not wanted or not actor.may_somewhere(Can.SEE_PEOPLE, within=park):
        return {}
    seen = people_seen(actor, park).filter(pk__in=wanted).values_list("pk", "uid")
    return {pk: reverse("person", args=[park.uid, uid]) for pk, uid in seen}


def names_seen(actor: Actor, park: Park, who: Iterable[Pseudonym]) -> dict[int, str]:
    """What each of these is called to this reader, by number of the row: whom he does not see has no name."""
    listed = {each.pk: each for each in who}
    if sees_whole(actor, park):
        return {pk: each.name or each.masked_id for pk, each in listed.items()}
    mine = set(people_seen(actor, park, Can.SEE_INCIDENTS).filter(
        pk__in=[each.person_id for each in listed.values() if each.person_id]).values_list("pk", flat=True))
    return {pk: each.name if each.person_id in mine else _("somebody of another branch") for pk, each in listed.items()}


def who_face(who: Pseudonym, urls: Mapping[int, str]) -> dict[str, str]:
    """Somebody as a list names him: name, masked number, and his page; whom no roster knows has only his number."""
    return {"name": who.name or _("Not on the roster"), "number": who.masked_id, "person_url": urls.get(who.person_id or 0, "")}


def class_words(chain: Chain, incident: Incident, park: Park) -> list[dict[str, Any]]:
    """How many contacts of each class there are."""
    url = reverse("contacts", args=[park.uid, incident.number])
    return [{"word": str(each.label), "count": chain.classes[each.value], "url": f"{url}?class={each.value}"}
            for each in ContactClass if chain.classes.get(each.value)]


def story_rows(lines: Iterable[Line], incident: Incident, park: Park) -> list[dict[str, Any]]:
    """The story: when, who, what, how many, and where its rows stand."""
    return [{"at": days.local(line.at, park.zone)[5:16], "until": _until(line, park), "said": _said(line),
             "who": actor_in_words(line.actor, line.name) if line.name else "", "count": line.count if line.count > 1 else 0,
             "facts": _facts(line), "url": _rows_of(line, incident, park)} for line in lines]


def _until(line: Line, park: Park) -> str:
    return days.local(line.until, park.zone)[11:16] if line.until and line.until - line.at > A_MINUTE else ""


def _said(line: Line) -> str:
    if line.verb == "retest.reported":
        return str(RETEST_WORDS.get(line.kind, line.kind))
    if line.verb == "order.ordered" and line.kind == OrderKind.HOLD:         # one officer confirms a hold
        return verb_in_words("holds.confirmed")
    verb = f"order.{line.group}" if line.verb == "order.ended" else line.verb
    said = verb_in_words(verb)
    return f"{said}: {OrderKind(line.kind).label}" if line.kind in OrderKind.values else said


RETEST_WORDS = {"negative": gettext_lazy("single retest: negative"), "positive": gettext_lazy("single retest: positive"),
                "suspicious": gettext_lazy("single retest: suspicious"), "invalid": gettext_lazy("single retest: invalid")}
A_MINUTE = timedelta(minutes=1)
HOUSE = ("", "keeper", "operator")           # no people: a wall screen names them whole
QUIET = {"incident", "orders", "number"}     # facts that the page says already


def _facts(line: Line) -> list[tuple[str, str]]:
    facts = dict(line.facts or {})
    if "least" in facts:
        least, last, because = facts["least"], facts["last"], facts.get("because", "")
        told = [(_("orders"), str(least) if least == last else f"{least}–{last}")]
        return [*told, (_("because"), ended_in_words(because))] if because else told
    said = {name: reason_in_words(ended_in_words(value)) if isinstance(value, str) else value
            for name, value in facts.items() if name not in QUIET}
    return facts_in_words(said)


def _rows_of(line: Line, incident: Incident, park: Park) -> str:
    if line.verb.startswith("order."):
        return f"{reverse('orders', args=[park.uid])}?incident={incident.number}&kind={line.kind}"
    if line.verb in ("contacts.traced", "contact.added"):
        return reverse("contacts", args=[park.uid, incident.number])
    return ""


def clock_words(chain: Chain, incident: Incident) -> dict[str, Any]:
    """Told, now, goal: the three moments that everybody wants to know."""
    park, goal = incident.park, chain.goal()
    met = goal.step.met_at if goal else None
    end: datetime = incident.closed_at or chain.now
    return {"told": when(incident.told_at, park), "goal": when(goal.step.due_at, park) if goal else "",
            "met": when(met, park), "since": span((met or end) - incident.told_at), "now": when(chain.now, park),
            "is_late": bool(goal and goal.is_late), "is_met": bool(met)}
