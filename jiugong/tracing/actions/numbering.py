"""Numbers that count up in a park; called while the park decides one thing at a time."""

from django.db.models import Max

from jiugong.registry.models import Park
from jiugong.tracing.models import Order


def next_number(park: Park) -> int:
    """The number of the park's next order."""
    return int(Order.objects.filter(park=park).aggregate(last=Max("number"))["last"] or 0) + 1
