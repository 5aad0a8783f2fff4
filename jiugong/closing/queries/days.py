"""Which days of a park are closed, by whom, what came late, when they were last verified."""

from typing import Any

from django.utils.translation import get_language

from jiugong.closing.models import Seal


def as_data(seal: Seal) -> dict[str, Any]:
    """A closed day as a program reads it: the same every time."""
    chinese = (get_language() or "zh").startswith("zh")
    counts = seal.counts.order_by("kind", "key", "window", "pk")
    return {"park": seal.park.name, "day": seal.day.isoformat(), "number": seal.number, "seal": seal.short,
            "closed_at": seal.sealed_at.isoformat(), "closed_by": seal.sealed_by_name, "release": seal.release,
            "owed": sum(each.owed for each in counts), "done": sum(each.done for each in counts),
            "excused": sum(each.excused for each in counts), "missed": sum(each.missed for each in counts),
            "counts": [{"kind": each.kind, "key": each.key, "window": each.window, "subject": each.subject,
                        "title": each.title_zh if chinese else each.title_en, "owed": each.owed, "done": each.done,
                        "excused": each.excused, "missed": each.missed} for each in counts]}
