"""What needs somebody now, with owner and clock: what the board sees by itself, and what the rooms tell it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from jiugong.briefs.board import Question
from jiugong.briefs.questions import matters_elsewhere
from jiugong.lib import days
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.lib.matters import Matter
from jiugong.registry.models import Park, Posting, holds_on
from jiugong.registry.queries.charges import answering_for, answering_for_place, unanswered
from jiugong.screening.queries.tubes import open_retests

MOST_UNANSWERED = 20
MOST_OWNERS = 4
ORDER = ("held", "late", "missing", "excused", "owed", "done")


def matters_of(actor: Actor, park: Park, at: datetime, questions: Iterable[Question] = ()) -> list[Matter]:
    """Everything that needs somebody within the actor's reach: people first, then what is late, then what is missing."""
    found = [*_tubes(actor, park, at), *_late(actor, park, questions), *matters_elsewhere(actor, park, at),
             *_unanswered(actor, park, at)]
    return sorted(found, key=lambda matter: (ORDER.index(matter.state), matter.since or at))


def _tubes(actor: Actor, park: Park, at: datetime) -> Iterable[Matter]:
    """Tubes that were not negative, while people in them wait to be sampled alone."""
    tubes = defaultdict(list)
    for retest in open_retests(park, at, actor.reach(Can.SEE_BOARD)):
        tubes[retest.specimen.tube.code].append(retest)
    people = [retest.specimen.person_id for retests in tubes.values() for retest in retests if retest.specimen.person_id]
    day = days.day_of(at, park.zone)
    posted = {posting.person_id: posting for posting in Posting.objects.filter(
        holds_on(day), park=park, person_id__in=people).select_related("unit")} if people else {}
    answering = answering_for({posting.unit for posting in posted.values()}, day)
    sees_people = actor.may_somewhere(Can.SEE_PEOPLE, within=park)
    for code, retests in tubes.items():
        postings = [posted[each.specimen.person_id] for each in retests if each.specimen.person_id in posted]
        chains = [answering.get(posting.unit_id, []) for posting in postings]
        owners = dict.fromkeys(chain[0].person.name for chain in chains if chain)
        yield Matter(
            state="held", since=min(each.opened_at for each in retests), owner="、".join(list(owners)[:MOST_OWNERS]),
            enterprises=tuple({posting.enterprise_id for posting in postings}),
            url=(reverse("tube", args=[park.uid, code]) if sees_people
                 else reverse("figure", args=[park.uid, "screening.retests_open"])),
            text=_("Tube %(tube)s is %(result)s: %(count)s people are to be sampled alone") % {
                "tube": code, "result": retests[0].because.get_value_display(), "count": len(retests)})


def _late(actor: Actor, park: Park, questions: Iterable[Question]) -> Iterable[Matter]:
    """Rounds that have closed with people missing, and duties of units and places whose time is over."""
    closed = [each for each in questions if each.is_late and (each.of.startswith("round:") or each.subject != "person")]
    if not closed:
        return
    root = park.places.filter(parent=None).first()
    chief = next((each.person.name for each in answering_for_place(root, closed[0].day)), "") if root else ""
    sees_people = actor.may_somewhere(Can.SEE_PEOPLE, within=park)
    for question in closed:
        missing = question.asked().coverage().missing
        if not missing:
            continue
        about = f"?of={question.of}"
        is_round = question.subject == "person"
        url = (reverse("things", args=[park.uid]) if not is_round else reverse("names", args=[park.uid]) if sees_people
               else reverse("today", args=[park.uid]))
        text = (_("%(title)s is closed: %(count)s people are late") if is_round
                else _("%(title)s: %(count)s are late")) % {"title": question.title, "count": missing}
        yield Matter(state="late", text=text, owner=chief, since=question.closes_at, url=url + about)


def _unanswered(actor: Actor, park: Park, at: datetime) -> Iterable[Matter]:
    """Things for which nobody answers; of a long list the beginning, and how many more there are."""
    found = unanswered(park, days.day_of(at, park.zone), actor.reach(Can.SEE_BOARD), most_teams=MOST_UNANSWERED)
    rows = reverse("figure", args=[park.uid, "registry.unanswered"])
    for grid in found.grids:
        yield Matter(text=_("Nobody answers for %(thing)s") % {"thing": grid}, url=rows)
    units = [*found.enterprises, *found.teams]
    for unit in units[:MOST_UNANSWERED]:
        name = f"{unit.enterprise} · {unit}" if unit.enterprise_id != unit.pk else unit.name
        yield Matter(text=_("Nobody answers for %(thing)s") % {"thing": name}, url=rows,
                     enterprises=(unit.enterprise_id,) if unit.enterprise_id else ())
    if rest := len(units[MOST_UNANSWERED:]) + found.more_teams:
        yield Matter(text=_("Nobody answers for %(count)s more") % {"count": rest}, url=rows)
