"""Who is trained for what, and which officers are not."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from jiugong.duties.logic.learning import TRAINED_ROLES
from jiugong.duties.models import Evidence
from jiugong.duties.queries.parameters import parameters_on
from jiugong.registry.models import Charge, Park, Person, holds_on
from jiugong.registry.queries.people import EVERYWHERE, within


def _said(field: str) -> Cast:
    """A field of the evidence as text, so that days compare as days on every database."""
    return Cast(KT(f"data__{field}"), TextField())


def valid_trainings(park: Park, day: date) -> QuerySet[Any]:
    """The trainings that count on a day: held on it or before, and not past their last day, which still counts."""
    rows: QuerySet[Any] = Evidence.objects.filter(park=park, kind="training", valid=True).annotate(
        role=_said("role"), held_on=_said("held_on"))
    return not_expired(rows, day).filter(held_on__lte=day.isoformat())


def not_expired(rows: QuerySet[Any], day: date) -> QuerySet[Any]:
    """The trainings among some rows that are not past their last day, which still counts."""
    said: QuerySet[Any] = rows.annotate(valid_until=_said("valid_until"))
    return said.filter(Q(valid_until="") | Q(valid_until__gte=day.isoformat()))


def trainings_for(park_id: int, person_ids: Iterable[int]) -> list[tuple[int, str, date, date | None]]:
    """Every training of these people that was good and names a role: whose, which, when, and the last day on which it counts."""
    rows = (Evidence.objects.filter(park=park_id, kind="training", valid=True, person__in=person_ids)
            .annotate(role=_said("role"), held=_said("held_on"), last=_said("valid_until")).exclude(role=""))
    return [(person, role, date.fromisoformat(held), date.fromisoformat(last) if last else None)
            for person, role, held, last in rows.values_list("person_id", "role", "held", "last")]


def officers_untrained(park: Park, day: date, reach: Sequence[str] = EVERYWHERE) -> QuerySet[Charge]:
    """The charges in force on a day as prevention officer, scanner or sampler of people not trained for that role."""
    trained = valid_trainings(park, day).filter(person=OuterRef("person"), role=OuterRef("role"))
    inside = within(reach, "unit__path") | within(reach, "place__path")
    said = parameters_on(park, day).get("training.roles")
    roles = [role for role in TRAINED_ROLES if role in said] if isinstance(said, tuple) else list(TRAINED_ROLES)
    return (Charge.objects.filter(holds_on(day), inside, ~Exists(trained), park=park, role__in=roles)
            .select_related("person", "unit__enterprise", "place").order_by("role", "person__name", "pk"))


def people_trained(park: Park, day: date) -> QuerySet[Person]:
    """Everybody who has a training that counts on a day."""
    return Person.objects.filter(park=park, pk__in=valid_trainings(park, day).values("person"))


def trainings_of(person: Person, until: date) -> list[Evidence]:
    """The record of a person: every training held until a day, the latest first."""
    return list(Evidence.objects.filter(person=person, kind="training").annotate(held_on=_said("held_on"))
                .filter(held_on__lte=until.isoformat()).order_by("-happened_at", "-pk"))
