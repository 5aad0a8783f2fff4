"""From quiet periods to what pages, workbooks and programs show of them."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext as _

from jiugong.lib import days
from jiugong.registry.models import Park, Posting, holds_on
from jiugong.tracing.models import Order, QuietCheck
from jiugong.tracing.queries.quiet import checks_on, days_of


def quiet_rows(orders: Iterable[Order], park: Park, day: date, today: date) -> list[dict[str, Any]]:
    """Each quiet period of a page with who looked on the day."""
    listed = list(orders)
    checks = checks_on(listed, day)
    people = [order.who.person_id for order in listed if order.who.person_id]
    postings = Posting.objects.filter(holds_on(day), park=park, person__in=people).select_related("unit", "enterprise")
    posted = {posting.person_id: posting for posting in postings}
    return [_row(order, checks.get(order.pk), posted.get(order.who.person_id or 0), park, day < today) for order in listed]


def _row(order: Order, check: QuietCheck | None, posting: Posting | None, park: Park, is_past: bool) -> dict[str, Any]:
    first, last = days_of(order)
    return {"number": order.number, "name": order.who.name, "first": str(first), "last": str(last), "place": order.place,
            "unit": " · ".join(dict.fromkeys((posting.enterprise.name, posting.unit.name))) if posting else "",
            "state": ("done" if check.present else "late") if check else "late" if is_past else "missing",
            "word": (_("was there") if check.present else _("was not there")) if check else _("not checked"),
            "by": check.checked_by_name if check else "", "at": days.local(check.checked_at, park.zone)[11:16] if check else "",
            "remark": check.remark if check else "", "is_checked": check is not None, "check_id": uuid4().hex}
