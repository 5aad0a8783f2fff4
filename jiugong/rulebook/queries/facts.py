"""The facts of an enterprise on a day that a rule may name: its regime, its risk, and the level of its area.

An enterprise is open unless a plan in force says otherwise, and ordinary unless it was graded. Its area has a level only
where one was declared: for its site, for a place above the site, or for the grid in which the site lies; the nearest one
holds. Facts of a unit or a person are those of their enterprise.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Length, StrIndex

from jiugong.registry.models import Park, Siting, Unit, holds_on
from jiugong.registry.words import UnitKind
from jiugong.rulebook.models import EnterprisePlan, Grading, Zoning
from jiugong.rulebook.stages import Stage
from jiugong.rulebook.words import Regime, Risk

FACTS_OF_ENTERPRISES = ("regime", "risk", "area")


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What holds for an enterprise on a day."""

    regime: str
    risk: str
    area: str


NO_FACTS = Facts(regime=Regime.OPEN.value, risk=Risk.ORDINARY.value, area="")


def enterprises_with_facts(park: Park, day: date) -> QuerySet[Any]:
    """The enterprises of a park, each with `regime`, `risk` and `area` as they were on a day; no area is an empty text."""
    plans = EnterprisePlan.objects.filter(holds_on(day), unit=OuterRef("pk"), stage=Stage.APPROVED.value)
    gradings = Grading.objects.filter(holds_on(day), unit=OuterRef("pk"))
    grids = Siting.objects.filter(holds_on(day), site=OuterRef(OuterRef("site")))
    zoned = Zoning.objects.filter(holds_on(day), park=park)
    around = (zoned.annotate(at=StrIndex(OuterRef("site__path"), F("place__path"))).filter(at=1)
              .order_by(Length("place__path").desc(), "-pk"))
    in_grid = zoned.filter(place__in=Subquery(grids.values("grid")))
    site_or_above = around.exclude(place__kind="park")
    whole_park = zoned.filter(place__kind="park")
    return Unit.objects.filter(park=park, kind__in=(UnitKind.ENTERPRISE, UnitKind.PARK_OFFICE)).annotate(
        regime=Coalesce(Subquery(plans.order_by("-version").values("regime")[:1]), Value(Regime.OPEN.value)),
        risk=Coalesce(Subquery(gradings.order_by("-pk").values("risk")[:1]), Value(Risk.ORDINARY.value)),
        area=Coalesce(Subquery(site_or_above.values("level")[:1]), Subquery(in_grid.order_by("-pk").values("level")[:1]),
                      Subquery(whole_park.order_by("-pk").values("level")[:1]), Value(""), output_field=CharField()))


def facts_on(park: Park, day: date) -> Mapping[int, Facts]:
    """The facts of every enterprise of a park on a day, by the enterprise's number, in one query."""
    rows = enterprises_with_facts(park, day).values_list("pk", *FACTS_OF_ENTERPRISES)
    return {pk: Facts(regime=regime, risk=risk, area=area) for pk, regime, risk, area in rows}
