"""The plans of enterprises and of the park: the newest of each, one by its version, and where each enterprise stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from jiugong.lib.acting import EVERYTHING, Actor
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park, Unit, holds_on
from jiugong.registry.queries.doors import unit_for
from jiugong.registry.queries.people import within
from jiugong.registry.words import UnitKind
from jiugong.rulebook.logic.outlines import ENTERPRISE, Section, outline
from jiugong.rulebook.models import AnyPlan, EnterprisePlan, ParkPlan
from jiugong.rulebook.queries.facts import enterprises_with_facts
from jiugong.rulebook.stages import Stage
from jiugong.rulebook.words import ParkPlanKind


def newest_plans(park: Park, reach: Sequence[str] = (EVERYTHING,)) -> QuerySet[EnterprisePlan]:
    """The newest version of each enterprise's plan."""
    later = EnterprisePlan.objects.filter(unit=OuterRef("unit"), version__gt=OuterRef("version"))
    return (EnterprisePlan.objects.filter(~Exists(later), within(reach, "unit__path"), park=park)
            .select_related("unit__park").order_by("unit_id"))


def newest_park_plans(park: Park) -> dict[str, ParkPlan]:
    """The newest version of each of the park's own plans, by kind."""
    return {plan.kind: plan for plan in ParkPlan.objects.filter(park=park).select_related("park").order_by("version")}


def plans_in_force(park: Park, day: date, reach: Sequence[str] = (EVERYTHING,)) -> QuerySet[EnterprisePlan]:
    """The enterprise plans that hold on a day."""
    return EnterprisePlan.objects.filter(holds_on(day), within(reach, "unit__path"), park=park,
                                         stage=Stage.APPROVED.value).select_related("unit").order_by("unit__name")


def revisions_due(park: Park, reach: Sequence[str] = (EVERYTHING,)) -> QuerySet[EnterprisePlan]:
    """The enterprise plans that were to be revised because of an adoption, and are not yet approved anew."""
    return (newest_plans(park, reach).filter(~Q(stage=Stage.APPROVED.value), because__isnull=False)
            .order_by("due_on", "unit__name"))


def enterprises_with_plans(park: Park, day: date, reach: Sequence[str] = (EVERYTHING,)) -> QuerySet[Any]:
    """Every enterprise with its facts of a day, and with version, stage and due day of its newest plan."""
    newest = EnterprisePlan.objects.filter(unit=OuterRef("pk")).order_by("-version")
    held = EnterprisePlan.objects.filter(holds_on(day), unit=OuterRef("pk"), stage=Stage.APPROVED.value)
    rows: QuerySet[Any] = (
        enterprises_with_facts(park, day).filter(within(reach, "path"), kind=UnitKind.ENTERPRISE)
            .annotate(plan_version=Subquery(newest.values("version")[:1]), plan_stage=Subquery(newest.values("stage")[:1]),
                      plan_due=Subquery(newest.values("due_on")[:1]), plan_since=Subquery(held.values("since")[:1]),
                      plan_because=Subquery(newest.values("because")[:1]))
            .order_by("name", "pk"))
    return rows


def count_by_stage(park: Park, reach: Sequence[str] = (EVERYTHING,)) -> dict[str, int]:
    """How many enterprises' newest plans stand on each stage."""
    return dict(newest_plans(park, reach).order_by().values_list("stage").annotate(count=Count("pk")))


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Whose plan it is: an enterprise, or the park by the kind of its plan."""

    park: Park
    unit: Unit | None
    kind: str

    @property
    def outline(self) -> tuple[Section, ...]:
        return outline(ENTERPRISE if self.unit else self.kind)

    @property
    def over(self) -> Unit | Park:
        return self.unit or self.park

    @property
    def key(self) -> str:
        """As it stands in a URL."""
        return str(self.unit.uid) if self.unit else self.kind


def plan_subject(actor: Actor, park: Park, what: str) -> Subject:
    """The door from a word in a URL, an enterprise's id or a kind of the park's plans, to whose plan it is. Raises NotHere."""
    if what in ParkPlanKind.values:
        if not actor.may(Can.SEE_BOARD, over=park):
            raise NotHere()
        return Subject(park=park, unit=None, kind=what)
    unit = unit_for(actor, what)
    if unit.park_id != park.pk or unit.kind != UnitKind.ENTERPRISE:
        raise NotHere()
    return Subject(park=park, unit=unit, kind=ENTERPRISE)


def versions_of(subject: Subject) -> list[AnyPlan]:
    """Every version of a plan, the newest first."""
    if subject.unit:
        return list(EnterprisePlan.objects.filter(unit=subject.unit).select_related("unit__park", "park", "because")
                    .order_by("-version"))
    return list(ParkPlan.objects.filter(park=subject.park, kind=subject.kind).select_related("park", "because")
                .order_by("-version"))


def version_for(versions: Sequence[AnyPlan], asked: str) -> AnyPlan | None:
    """The version that a URL asks for, or the newest; None where there is none yet. Raises NotHere."""
    if not asked:
        return versions[0] if versions else None
    found = next((plan for plan in versions if str(plan.version) == asked), None)
    if found is None:
        raise NotHere()
    return found
