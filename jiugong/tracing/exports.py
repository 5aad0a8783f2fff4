"""An incident as files: the line list, the pairs of case and contact, both as workbook or CSV that nothing runs as a formula."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from jiugong.lib import clock, days, secrets
from jiugong.lib.acting import Actor, looked
from jiugong.registry.logic.listing import list_workbook
from jiugong.registry.models import Person, Posting
from jiugong.registry.queries.choosing import way_to
from jiugong.registry.queries.listed import postings_on
from jiugong.registry.queries.people import today_in
from jiugong.tracing.chain_faces import ground_words, names_seen
from jiugong.tracing.models import Case, Contact, Ground, Incident, Member, Order, Pseudonym
from jiugong.tracing.queries.incidents import controlled_at
from jiugong.tracing.queries.reach import those_seen
from jiugong.tracing.stages import OrderStage
from jiugong.tracing.words import CaseStageWord, ContactClass, FoundBy, OrderKind, OrderStageWord, Source

EXPORTED = "exported an incident"
Table = tuple[list[str], list[list[object]]]


@dataclass(frozen=True, kw_only=True)
class People:
    """The cases and contacts of an incident whom the actor sees, with where each works, read once."""

    incident: Incident
    cases: list[Case]
    contacts: list[Contact]
    posted: dict[int, Posting]
    orders: dict[int, Order]                     # by pseudonym: the latest that is not taken back
    called: dict[int, str]                       # by pseudonym: what he is called to this reader
    members: dict[int, Member]                   # by pseudonym: who was in the tube
    handed: dict[int, datetime]                  # by pseudonym: when a case was handed over
    controlled_at: datetime | None               # when the last close contact was under control

    @property
    def person_ids(self) -> set[int]:
        everybody = [each.who for each in self.cases] + [each.who for each in self.contacts]
        return {who.person_id for who in everybody if who.person_id}


def people_of(actor: Actor, incident: Incident) -> People:
    """Everybody of an incident whom the actor sees; a flat number of questions."""
    park = incident.park
    cases = list(those_seen(actor, park, Case.objects.filter(incident=incident)).select_related(
        "who__person", "infector__who__person").order_by("opened_at", "pk"))
    meetings = Ground.objects.select_related("spot").order_by("since", "pk")
    contacts = list(those_seen(actor, park, Contact.objects.filter(incident=incident, ended_at=None)).select_related(
        "who__person", "case__who__person", "through__who__person").prefetch_related(
            Prefetch("grounds", queryset=meetings)).order_by("case", "contact_class", "first_at", "pk"))
    orders = Order.objects.filter(incident=incident).exclude(stage=OrderStage.WITHDRAWN).order_by("number")
    who: list[Pseudonym] = [*(each.who for each in cases), *(each.who for each in contacts), *(each.case.who for each in contacts),
                            *(each.through.who for each in contacts if each.through),
                            *(each.infector.who for each in cases if each.infector)]
    people: list[Person] = [each.person for each in who if each.person]
    return People(incident=incident, cases=cases, contacts=contacts, posted=postings_on(park, people, today_in(park)),
                  orders={each.who_id: each for each in orders}, called=names_seen(actor, park, who),
                  members={each.who_id: each for each in Member.objects.filter(incident=incident)},
                  handed={each.who_id: each.sent_at for each in orders if each.sent_at}, controlled_at=controlled_at(incident))


def line_list(found: People, *, in_full: bool = False) -> Table:
    """One line for each case and each contact; whole numbers and phones only where a reason was given for them."""
    headings = [_("Role"), _("Name"), _("ID number"), *([_("Phone")] if in_full else []), _("Where he works"), _("Stage or class"),
                _("Found by"), _("Sampled"), _("Onset"), _("First exposed"), _("Last exposed"), _("Case"), _("Grounds"), _("Order"),
                _("Measure"), _("Stage of the order"), _("Until"), _("Where he stays")]
    words, ring = ground_words(found.incident), secrets.ring()

    def start(role: str, who: Pseudonym) -> list[object]:
        posting = found.posted.get(who.person_id or 0)
        number = [who.open_id_number(ring), who.person.open_phone(ring) if who.person else ""] if in_full else [who.masked_id]
        return [role, who.name or _("Not on the roster"), *number, way_to(posting.unit) if posting else ""]

    at = _moments(found)
    rows: list[list[object]] = [
        [*start(_("case"), each.who), str(CaseStageWord(each.stage).label), str(FoundBy(each.found_by).label),
         at(each.sampled_at), str(each.onset_on or ""), "", "", found.called[each.infector.who_id] if each.infector else "", "",
         *_order(found, each.who)]
        for each in found.cases]
    rows += [
        [*start(_("contact"), each.who), str(ContactClass(each.contact_class).label), "", "", "", at(each.first_at),
         at(each.last_at), found.called[each.case.who_id], "、".join(words.get(ground, ground) for ground in _grounds_of(each)),
         *_order(found, each.who)] for each in found.contacts]
    return headings, rows


def pairs(found: People) -> Table:
    """One line for each meeting of a case, or of a close contact, with a contact."""
    headings = [_("Met"), _("Contact"), _("ID number"), _("Class"), _("Ground"), _("Place"), _("From"), _("Until"), _("Minutes"),
                _("Source"), _("The end is assumed"), _("Rule"), _("Release")]
    words, at = ground_words(found.incident), _moments(found)
    rows: list[list[object]] = [
        [found.called[(each.through or each.case).who_id], each.who.name or _("Not on the roster"), each.who.masked_id,
         str(ContactClass(each.contact_class).label), words.get(ground.ground, ground.ground), str(ground.spot or ""),
         at(ground.since), at(ground.until), int((ground.until - ground.since).total_seconds() // 60),
         str(Source(ground.source).label) if ground.source in Source.values else ground.source,
         _("yes") if ground.assumed else "", ground.rule, ground.release]
        for each in found.contacts for ground in each.grounds.all()]
    return headings, rows


TABLES = {"line-list": line_list, "pairs": pairs}
FORMATS = (*TABLES, "godata")


def exported(actor: Actor, incident: Incident, which: str, form: str) -> bytes:
    """A list of an incident as a file; everybody on it is journalled as looked at."""
    found = people_of(actor, incident)
    looked(actor=actor, park_id=incident.park_id, person_ids=found.person_ids, fields=("list",), reason=EXPORTED, at=clock.now())
    headings, rows = TABLES[which](found)
    return as_csv(headings, rows) if form == "csv" else list_workbook(title_of(which, incident), headings, rows)


def title_of(which: str, incident: Incident) -> str:
    words = {"line-list": _("Line list of incident %(number)s"), "pairs": _("Contact pairs of incident %(number)s"),
             "godata": _("Go.Data files of incident %(number)s")}
    return words[which] % {"number": incident.number}


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A list as CSV that Excel reads with its Chinese, and in which no cell is a formula."""
    stream = StringIO()
    writer = csv.writer(stream)
    writer.writerow(headings)
    writer.writerows([plain(cell) for cell in row] for row in rows)
    return ("\ufeff" + stream.getvalue()).encode()


def plain(cell: object) -> object:
    """A cell that nothing runs."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _moments(found: People) -> Any:
    zone = found.incident.park.zone
    return lambda moment: days.local(moment, zone)[:16]


def _order(found: People, who: Pseudonym) -> list[object]:
    order = found.orders.get(who.pk)
    if order is None:
        return ["", "", "", "", ""]
    return [order.number, str(OrderKind(order.kind).label), str(OrderStageWord(order.stage).label), _moments(found)(order.until),
            order.place]


def _grounds_of(contact: Contact) -> list[str]:
    return list(dict.fromkeys(ground.ground for ground in contact.grounds.all()))


def day_of(found: People, moment: Any) -> date:
    """The park's day of a moment."""
    return days.day_of(moment, found.incident.park.zone)
