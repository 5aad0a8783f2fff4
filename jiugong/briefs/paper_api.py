"""Published briefs, the figures that bodies file, and the scores of enterprises, for programs."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema

from jiugong.briefs import filed, queries
from jiugong.briefs.actions import Entered, file_figures, publish
from jiugong.briefs.errors import LanguageUnknown
from jiugong.briefs.models import Brief, Filing
from jiugong.briefs.papers.content import published
from jiugong.briefs.papers.making import made
from jiugong.briefs.periods import handed_over
from jiugong.briefs.published import brief_for, briefs_of
from jiugong.briefs.scope import Scope
from jiugong.briefs.score import bounds_of, scores
from jiugong.briefs.wording import LANGUAGES
from jiugong.http import actor_of
from jiugong.lib import clock
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_for
from jiugong.registry.views.lists import A_PAGE

router = Router()


def _seen(actor: Actor, name: str) -> Park:
    """The park, for somebody who sees a part of its board."""
    park = park_for(actor, name)
    actor.must_somewhere(Can.SEE_BOARD, within=park)
    return park


# briefs that were published -----------------------------------------------------------------------------------------

class ToPublish(Schema):
    """Which brief: its days (both included), its language, and an id that makes sending it twice safe."""

    park: str
    first: date
    last: date
    client_id: str = Field(min_length=1, max_length=80)
    language: str = "zh-hans"


@router.get("/briefs")
def briefs(request: HttpRequest, park: str, page: int = 1) -> dict[str, Any]:
    """The published briefs of a park, the latest first, fifty at a time."""
    actor = actor_of(request)
    listed = Paginator(briefs_of(actor, park_for(actor, park)), A_PAGE).get_page(page)
    return {"count": listed.paginator.count, "pages": listed.paginator.num_pages, "briefs": [_told(each) for each in listed]}


@router.post("/briefs")
def publish_brief(request: HttpRequest, asked: ToPublish) -> dict[str, Any]:
    """Publish the brief of a period under the next number of the year. Sent twice, it is published once."""
    actor = actor_of(request)
    return _told(publish(_seen(actor, asked.park), first=asked.first, last=asked.last, language=asked.language,
                         client_id=asked.client_id, actor=actor))


@router.get("/briefs/{uid}")
def published_brief(request: HttpRequest, uid: UUID, park: str) -> dict[str, Any]:
    """One published brief with its figures as they were, and its text in both languages."""
    actor = actor_of(request)
    kept = brief_for(actor, park_for(actor, park), uid)
    return {**_told(kept), "figures": kept.figures, "before": kept.before, "texts": kept.texts}


@router.get("/briefs/{uid}/papers/{kind}")
def paper_of_brief(request: HttpRequest, uid: UUID, kind: str, park: str, language: str = "") -> HttpResponse:
    """A published brief as `pdf`, `docx` or `xlsx`. Rows that name people come for who may see them; looks are journalled."""
    actor = actor_of(request)
    here = park_for(actor, park)
    kept = brief_for(actor, here, uid)
    if language and language not in LANGUAGES:
        raise LanguageUnknown(language=language)
    paper = published(kept, language or kept.language)
    scope = Scope(park=here, first=kept.first, last=kept.last, at=kept.published_at, reach=actor.reach(Can.SEE_BOARD))
    return handed_over(made(paper, kind, scope, actor=actor), kind, f"{paper.document['title']} {paper.number}")


def _told(each: Brief) -> dict[str, Any]:
    return {"uid": str(each.uid), "year": each.year, "number": each.number, "first": each.first, "last": each.last,
            "language": each.language, "published_at": each.published_at, "published_by": each.published_by_name,
            "fingerprint": each.fingerprint, "corrects": str(each.corrects.uid) if each.corrects else None}


# what bodies file -----------------------------------------------------------------------------------------------------

class FiledValue(Schema):
    """One figure: the number, or null for what the system counts; and why it differs."""

    value: int | None = None
    why: str = Field("", max_length=300)


class ToFile(Schema):
    """The figures of one body for one day, by key, and an id that makes sending them twice safe."""

    park: str
    day: date
    client_id: str = Field(min_length=1, max_length=80)
    figures: dict[str, FiledValue]


@router.get("/filings")
def filings(request: HttpRequest, park: str, day: date) -> dict[str, Any]:
    """Every body of a day with what it files and what it has filed, and the facts on which somebody differs."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must(Can.SEE_BOARD, over=here)
    at, owing = clock.now(), filed.bodies_owing(here, day)
    return {"day": day, "bodies": [{
        "body": each.body.pk, "name": each.body.name, "kind": each.body.kind, "figures": list(each.keys),
        "due": f"{each.due:%H:%M}", "late": each.is_late(day, at), "filing": _filing(each.filing)} for each in owing],
        "differing": [{"figure": one.key, "grids": [place.name for place in one.grounds], "said": [{
            "body": said.owing.body.pk, "value": said.filed.value, "counted": said.filed.counted, "why": said.filed.why,
            "explains": said.explains if said.filed.off else ""} for said in one.said]} for one in filed.differing(owing)]}


@router.post("/filings/{body}")
def file(request: HttpRequest, body: int, asked: ToFile) -> dict[str, Any]:
    """File the figures of a body for a day. Filed again, the new ones count; sent twice, they are filed once."""
    actor = actor_of(request)
    here = _seen(actor, asked.park)
    owing = filed.owing_for(actor, here, body, asked.day)
    entered = {key: Entered(value=one.value, why=one.why) for key, one in asked.figures.items()}
    made = file_figures(here, owing.body, asked.day, figures=entered, client_id=asked.client_id, actor=actor)
    return _filing(made) or {}


def _filing(each: Filing | None) -> dict[str, Any] | None:
    if each is None:
        return None
    return {"day": each.day, "filed_at": each.filed_at, "filed_by": each.filed_by_name, "late": each.late, "figures": {
        one.key: {"value": one.value, "counted": one.counted, "why": one.why} for one in each.figures.all()}}


# scores ---------------------------------------------------------------------------------------------------------------

@router.get("/score")
def score(request: HttpRequest, park: str, day: date) -> dict[str, Any]:
    """The score of every enterprise within reach on a day, window by window, the worst first."""
    actor = actor_of(request)
    scope = queries.scope_for(actor, _seen(actor, park), day, day)
    bounds = bounds_of(scope)
    return {"day": day, "bounds": {"green_from": bounds.green_from, "red_below": bounds.red_below, "assumed": bounds.assumed},
            "enterprises": [{
                "enterprise": str(each.enterprise.uid), "name": each.enterprise.name, "score": each.percent,
                "colour": each.colour, "windows": [{
                    "of": cell.asking.of, "window": cell.asking.window.key, "closed": cell.is_closed,
                    "owed": cell.covered.owed, "done": cell.covered.done, "excused": cell.covered.excused,
                    "missing": cell.covered.missing} for cell in each.cells]} for each in scores(scope)]}
