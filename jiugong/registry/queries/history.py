"""What is kept of somebody or of a unit, with its days: nothing past is ever rewritten."""

from dataclasses import dataclass
from datetime import date

from jiugong.registry.models import Assignment, BodyMember, Charge, Person, Posting, Siting, Unit
from jiugong.registry.queries.choosing import way_to


@dataclass(frozen=True)
class Past:
    """One line of a record: what, where, since when and until when; `held` is False for a line that never held."""

    what: str
    where: str
    details: str
    since: date | None
    until: date | None
    held: bool


def history_of(person: Person) -> list[Past]:
    """Postings, beds, tables, buses, charges and seats of somebody, the newest first; four queries."""
    lines = [
        *(Past("posting", way_to(each.unit), _work(each), each.since, each.until, each.until != each.since)
          for each in Posting.objects.filter(person=person).select_related("unit__parent", "unit__enterprise")),
        *(Past("assignment", f"{each.place.name} {each.bed}".strip(), str(each.get_kind_display()), each.since, each.until,
               each.until != each.since)
          for each in Assignment.objects.filter(person=person).select_related("place")),
        *(Past("charge", way_to(each.unit) if each.unit else str(each.place), str(each.get_role_display()), each.since,
               each.until, each.until is None or each.until != each.since)
          for each in Charge.objects.filter(person=person).select_related("unit__parent", "unit__enterprise", "place")),
        *(Past("seat", each.body.name, " · ".join(text for text in (str(each.get_tier_display()), each.duty) if text),
               each.since, each.until, each.until is None or each.until != each.since)
          for each in BodyMember.objects.filter(person=person).select_related("body")),
    ]
    return sorted(lines, key=lambda line: (line.until is None, line.since or date.min, line.until or date.max), reverse=True)


def sitings_of(unit: Unit) -> list[Siting]:
    """In which grids the site of an enterprise lay and lies, the newest first."""
    rows = Siting.objects.filter(site=unit.site_id or 0).select_related("grid")
    return sorted(rows, key=lambda row: (row.until is None, row.since or date.min), reverse=True)


def _work(posting: Posting) -> str:
    words = [posting.post, str(posting.get_shift_display()) if posting.shift else "", str(posting.get_status_display())]
    return " · ".join(word for word in words if word)
