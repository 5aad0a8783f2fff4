"""Areas at risk: on a day, and around some days as the plain facts that `logic/areas.py` reads."""

from datetime import date

from django.db.models import Case, Q, QuerySet, Value, When

from jiugong.lib.sheets import name_key
from jiugong.registry.models import holds_on
from jiugong.tracing.logic.areas import ORDER, Area, Areas
from jiugong.tracing.models import RiskArea


def areas_on(day: date, *, level: str = "", text: str = "") -> QuerySet[RiskArea]:
    """Which areas are at risk on a day, the highest first."""
    rows = RiskArea.objects.filter(holds_on(day))
    if level in ORDER:
        rows = rows.filter(level=level)
    text = text.replace("\0", "")
    if text:
        rows = rows.filter(Q(key__contains=name_key(text)) | Q(code__startswith=text) | Q(source__icontains=text))
    rank = Case(*(When(level=each, then=Value(at)) for at, each in enumerate(ORDER)), default=Value(len(ORDER)))
    return rows.annotate(rank=rank).order_by("rank", "name", "since", "pk")


def areas_between(first: date, last: date) -> Areas:
    """Every area that was at risk on one of these days."""
    rows = RiskArea.objects.filter(Q(until=None) | Q(until__gt=first), since__lte=last)
    return Areas([Area(number=area.pk, name=area.name, key=area.key, level=area.level, since=area.since, until=area.until)
                  for area in rows])
