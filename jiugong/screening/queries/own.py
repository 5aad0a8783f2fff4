"""Enterprises that sample themselves: who was sampled at a point of his own enterprise."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from jiugong.registry.models import Park, Posting
from jiugong.registry.queries.people import EVERYWHERE, within
from jiugong.screening.models import Specimen
from jiugong.screening.words import PointKind


def sampled_by_own(park: Park, start: datetime, end: datetime, reach: Sequence[str] = EVERYWHERE) -> QuerySet[Posting]:
    """Where people stood who were sampled, `start <= when < end`, at a point of the enterprise in which they stood on the
    round's day. Whoever was moved meanwhile may stand here twice.
    """
    there = Specimen.objects.filter(
        person=OuterRef("person"), round__day__gte=OuterRef("since"), tube__point__kind=PointKind.ENTERPRISE,
        tube__point__unit__enterprise=OuterRef("enterprise"), sampled_at__gte=start, sampled_at__lt=end)
    still = Q(until=None) & Exists(there) | Exists(there.filter(round__day__lt=OuterRef("until")))
    return Posting.objects.filter(still, within(reach, park=park), park=park)
