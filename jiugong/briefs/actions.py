"""Publishing a brief, filing the figures of a body, and choosing which figures concern it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from django.db import transaction
from django.db.models import Max

from jiugong.briefs import filed, logic
from jiugong.briefs.errors import (
    BodyNotThere,
    BriefIdReused,
    BriefOfDaysToCome,
    FigureMisshapen,
    FigureNotAsked,
    FiguresMissing,
    FigureUnknown,
    LanguageUnknown,
    NotFiledAhead,
    NothingToFile,
    WhyNeeded,
)
from jiugong.briefs.figures import BY_KEY
from jiugong.briefs.filings import counted_for
from jiugong.briefs.models import Brief, FiledFigure, Filing, Language, Remit
from jiugong.briefs.queries import brief, scope_for
from jiugong.briefs.wording import KEYS, LANGUAGES, document
from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.registry.models import Body, Park

LARGEST, LONGEST_WHY = 10**12, 300


@transaction.atomic
def publish(park: Park, *, first: date, last: date, language: str, client_id: str, actor: Actor) -> Brief:
    """Publish the brief of a period: it gets the next number of the year, and is kept as it is now.

    Sent twice with the same id it is published once. A second brief of the same period corrects the one before.
    Raises NotAllowed, LanguageUnknown, BriefOfDaysToCome, DaysOutOfOrder, PeriodTooLong, BriefIdReused.
    """
    actor.must(Can.COMPOSE_BRIEFS, over=park)
    at = clock.now()
    today = days.day_of(at, park.zone)
    if language not in Language.values:
        raise LanguageUnknown(language=language)
    scope = scope_for(actor, park, first, last)
    if last > today:
        raise BriefOfDaysToCome(last=str(last))
    park.one_at_a_time()                                         # so that no number is given twice
    known = Brief.objects.filter(park=park, client_id=client_id).first()
    if known:
        if (known.first, known.last, known.language) != (first, last, language):
            raise BriefIdReused(client_id=client_id)
        return known

    composed = brief(scope, KEYS)
    texts = {each: document(composed, each) for each in LANGUAGES}
    figures, before = dict(composed.figures), dict(composed.before)
    highest = Brief.objects.filter(park=park, year=today.year).aggregate(highest=Max("number"))["highest"]
    number = (highest or 0) + 1
    corrects = Brief.objects.filter(park=park, first=first, last=last).order_by("-published_at", "-pk").first()
    content = {"park": park.name, "year": today.year, "number": number, "first": first, "last": last, "figures": figures,
               "before": before, "texts": texts, "corrects": str(corrects) if corrects else ""}
    made = Brief.objects.create(
        park=park, client_id=client_id, year=today.year, number=number, first=first, last=last, language=language,
        figures=figures, before=before, texts=texts, fingerprint=logic.fingerprint(content), corrects=corrects,
        published_at=at, published_by=actor.key, published_by_name=actor.name)

    note("brief.published", subject=str(made), actor=actor, at=at, park_id=park.pk, number=number, since=str(first),
         until=str(last), corrects=str(corrects) if corrects else "")
    return made


@dataclass(frozen=True, kw_only=True)
class Entered:
    """One figure as somebody files it: the number, or None for what the system counts; and why it differs."""

    value: int | None = None
    why: str = ""


@transaction.atomic
def file_figures(park: Park, body: Body, day: date, *, figures: Mapping[str, Entered], client_id: str,
                 actor: Actor) -> Filing:
    """File the figures of a body for a day. Filed again, the new ones count and the old ones are kept.

    Raises NotAllowed, BodyNotThere, NothingToFile, NotFiledAhead, FiguresMissing, FigureNotAsked, FigureMisshapen,
    WhyNeeded, BriefIdReused.
    """
    at = clock.now()
    owing = next((each for each in filed.bodies_owing(park, day) if each.body.pk == body.pk), None)
    if owing is None:
        _must_file_for_all(actor, park)
        raise BodyNotThere(body=body.name, day=str(day))
    filed.must_file(actor, owing, day)
    if day > days.day_of(at, park.zone):
        raise NotFiledAhead(day=str(day))
    if not owing.keys:
        raise NothingToFile(body=body.name)
    Body.objects.select_for_update(no_key=True).get(pk=body.pk)             # one filing of a body at a time
    known = Filing.objects.filter(park=park, client_id=client_id).prefetch_related("figures").first()
    if known:
        if (known.body_id, known.day) != (body.pk, day) or not _says(known, figures):
            raise BriefIdReused(client_id=client_id)
        return known
    counted = counted_for(owing, day)
    lines = _lines(owing.keys, figures, counted)

    Filing.objects.filter(body=body, day=day, replaced_at=None).update(replaced_at=at)
    filing = Filing.objects.create(
        park=park, body=body, client_id=client_id, day=day, filed_at=at, filed_by=actor.key, filed_by_name=actor.name,
        late=not filed.filed_on_time(body, day, owing.due, at))
    for line in lines:
        line.filing = filing
    FiledFigure.objects.bulk_create(lines)

    note("figures.filed", subject=body.name, actor=actor, at=at, park_id=park.pk, on=str(day),
         changed=sum(1 for line in lines if line.off))
    return filing


@transaction.atomic
def choose_figures(park: Park, body: Body, *, keys: Sequence[str], due: time, actor: Actor) -> Remit:
    """Choose which figures a body files, and by when. Raises NotAllowed, FigureUnknown."""
    _must_file_for_all(actor, park)
    unknown = [key for key in keys if key not in BY_KEY]
    if unknown:
        raise FigureUnknown(figure=unknown[0], known=", ".join(BY_KEY))
    at = clock.now()
    in_order = [key for key in BY_KEY if key in set(keys)]
    remit, _made = Remit.objects.update_or_create(body=body, defaults={
        "keys": in_order, "due": due.replace(second=0, microsecond=0), "chosen_at": at, "chosen_by_name": actor.name})
    note("remit.chosen", subject=body.name, actor=actor, at=at, park_id=park.pk, figures=len(in_order), until=f"{due:%H:%M}")
    return remit


def _must_file_for_all(actor: Actor, park: Park) -> None:
    actor.must(Can.FILE_FIGURES, over=park)


def _says(filing: Filing, figures: Mapping[str, Entered]) -> bool:
    """Is this what was filed? What was left to the system agrees with whatever it counted then."""
    filed = {each.key: each.value for each in filing.figures.all()}
    return filed.keys() == figures.keys() and all(one.value in (None, filed[key]) for key, one in figures.items())


def _lines(keys: Iterable[str], figures: Mapping[str, Entered], counted: Mapping[str, int]) -> list[FiledFigure]:
    """What is filed beside what was counted, refused as a whole where one of them is not right."""
    keys = list(keys)
    for key in figures:
        if key not in keys:
            raise FigureNotAsked(figure=key)
    missing = [key for key in keys if key not in figures]
    if missing:
        raise FiguresMissing(figures=", ".join(missing))
    lines = []
    for key in keys:
        said = figures[key].value
        value = counted[key] if said is None else said
        why = " ".join(figures[key].why.split())
        if not 0 <= value <= LARGEST:
            raise FigureMisshapen(figure=key, most=LARGEST)
        if value == counted[key]:
            why = ""
        elif not 0 < len(why) <= LONGEST_WHY:
            raise WhyNeeded(figure=key, counted=counted[key], most=LONGEST_WHY)
        lines.append(FiledFigure(key=key, value=value, counted=counted[key], why=why))
    return lines
