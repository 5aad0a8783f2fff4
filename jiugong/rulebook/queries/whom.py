"""Whom a task reaches: who runs prevention in an enterprise, and who runs the park's office."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q, QuerySet

from jiugong.accounts.models import Membership, User
from jiugong.accounts.roles import AccountRole
from jiugong.registry.models import Charge, Park, Person, holds_on
from jiugong.registry.words import Role

RUN_PREVENTION = (Role.PREVENTION_OFFICER, Role.ENTERPRISE_CHIEF)


def officers_of(unit_ids: Iterable[int], day: date) -> dict[int | None, list[Person]]:
    """The prevention officers and the chief of each enterprise on a day, each once."""
    found: dict[int | None, list[Person]] = defaultdict(list)
    charges = Charge.objects.filter(holds_on(day), unit__in=list(unit_ids), role__in=RUN_PREVENTION)
    for charge in charges.select_related("person").order_by("pk"):
        if charge.person not in found[charge.unit_id]:
            found[charge.unit_id].append(charge.person)
    return found


def duty_officers(park: Park, at: datetime) -> QuerySet[User]:
    """The users who are duty officers of a whole park at a moment."""
    held = Membership.objects.filter(Q(until_at__isnull=True) | Q(until_at__gt=at), park=park, since_at__lte=at,
                                     role=AccountRole.DUTY_OFFICER, place__isnull=True, unit__isnull=True)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk")
