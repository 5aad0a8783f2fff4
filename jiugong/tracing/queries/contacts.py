"""The contacts of an incident, ranked: the closest class first, then most grounds, then who was exposed last."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park, Unit
from jiugong.registry.queries.people import roster_on, search_people, today_in
from jiugong.tracing.models import Case, Contact, Ground, Incident, Order
from jiugong.tracing.queries.orders import GROUPS
from jiugong.tracing.queries.reach import sees_whole, those_seen
from jiugong.tracing.stages import ENDS
from jiugong.tracing.words import ContactClass

RANK = (ContactClass.CLOSE_CONTACT, ContactClass.CONTACT_OF_CONTACT, ContactClass.GENERAL_CONTACT, ContactClass.VENUE_EXPOSURE)


def contacts_of(actor: Actor, incident: Incident, *, struck: bool = False) -> QuerySet[Contact]:
    """Who is a contact and whom the actor sees; or who was one and is none any more."""
    return those_seen(actor, incident.park, Contact.objects.filter(incident=incident, ended_at__isnull=not struck))


def ranked(rows: QuerySet[Contact], grounds: Mapping[int, set[str]]) -> list[int]:
    """The numbers of these contacts in their order. Sorted here: a store that counts grounds while it sorts takes far longer."""
    order = {each.value: at for at, each in enumerate(RANK)}
    listed = rows.order_by().values_list("pk", "contact_class", "last_at")
    return [pk for pk, _class, _last in sorted(listed, key=lambda row: (
        order[row[1]], -len(grounds.get(row[0], ())), -row[2].timestamp(), row[0]))]


def grounds_of(actor: Actor, incident: Incident) -> dict[int, set[str]]:
    """On which grounds each contact of an incident is one, by the number of his row."""
    rows = those_seen(actor, incident.park, Ground.objects.filter(contact__incident=incident), "contact__who__person")
    found: dict[int, set[str]] = defaultdict(set)
    for contact, ground in rows.order_by().values_list("contact", "ground").distinct():
        found[contact].add(ground)
    return found


def contact_for(actor: Actor, incident: Incident, pk: int) -> Contact:
    """The only door from a number in a URL to a contact. Raises NotHere."""
    rows = those_seen(actor, incident.park, Contact.objects.filter(incident=incident, pk=pk))
    found = rows.select_related("incident__park", "case__who__person", "who__person", "trace", "through__who__person").first()
    if found is None:
        raise NotHere()
    return found


def case_for(actor: Actor, incident: Incident, pk: int) -> Case:
    """The only door from a number in a URL to a case. Raises NotHere."""
    rows = those_seen(actor, incident.park, Case.objects.filter(incident=incident, pk=pk))
    found = rows.select_related("incident__park", "who__person").first()
    if found is None:
        raise NotHere()
    return found


def narrowed_contacts(rows: QuerySet[Contact], actor: Actor, park: Park, *, contact_class: str = "", ground: str = "",
                      enterprise: str = "", group: str = "", case: str = "", text: str = "") -> QuerySet[Contact]:
    """Contacts by class, ground, enterprise, how far their order is, whose contact, and by name or whole number."""
    if contact_class:
        rows = rows.filter(contact_class=contact_class)
    if ground:
        rows = rows.filter(pk__in=Ground.objects.filter(ground=ground, contact__incident__park=park).values("contact"))
    if enterprise:
        posted = roster_on(park, today_in(park)).filter(enterprise__uid=UUID(enterprise))
        rows = rows.filter(who__person__in=posted.values("person"))
    if group == "none":
        rows = rows.exclude(who__in=Order.objects.filter(incident__park=park).exclude(stage__in=ENDS).values("who"))
    elif group:
        rows = rows.filter(pk__in=Order.objects.filter(GROUPS[group], contact__incident__park=park).values("contact"))
    if case.isdecimal() and len(case) < 15:
        rows = rows.filter(case=int(case))
    if text:
        found = Q(who__person__in=search_people(actor, park, text).values("pk"))
        rows = rows.filter(found | Q(who__person__name__icontains=text) if sees_whole(actor, park) else found)
    return rows


def for_page(numbers: Sequence[int]) -> list[Contact]:
    """These contacts in their order, with all that a row shows: grounds with their places, orders, whose contact it is."""
    grounds = Ground.objects.select_related("spot").order_by("since", "pk")
    rows = Contact.objects.filter(pk__in=list(numbers)).select_related(
        "who__person", "case__who__person", "through__who__person").prefetch_related(
            Prefetch("grounds", grounds), Prefetch("orders", Order.objects.order_by("-pk")))
    found = {each.pk: each for each in rows}
    return [found[pk] for pk in numbers if pk in found]


def enterprises_in(actor: Actor, incident: Incident) -> list[Unit]:
    """The enterprises whose people are contacts in an incident."""
    people = those_seen(actor, incident.park, Contact.objects.filter(incident=incident)).values("who__person")
    posted = roster_on(incident.park, today_in(incident.park), actor.reach(Can.SEE_INCIDENTS)).filter(person__in=people)
    return list(Unit.objects.filter(pk__in=posted.values("enterprise")).order_by("name"))
