"""Run by the Python into which pretix was installed: an event with tickets, a check-in list, and devices that may scan.

It prints one document in JSON. Nothing of ours is imported, and nothing of pretix's stands here.
"""

import json
import sys
from datetime import timedelta

import django

django.setup()

from django.utils.timezone import now  # noqa: E402
from django_scopes import scopes_disabled  # noqa: E402
from pretix.base.models import Device, Event, Order, OrderPosition, Organizer  # noqa: E402


def main(tickets: int, devices: int) -> None:
    organizer = Organizer.objects.create(name="Bench", slug="bench")
    event = Event.objects.create(organizer=organizer, name="Bench", slug="bench", date_from=now(), currency="EUR",
                                 plugins="", live=True)
    item = event.items.create(name="Ticket", default_price=0)
    channel = organizer.sales_channels.get(identifier="web")
    order = {"event": event, "organizer": organizer, "email": "", "status": Order.STATUS_PAID, "datetime": now(), "total": 0,
             "locale": "en", "expires": now() + timedelta(days=9), "sales_channel": channel}
    orders = Order.objects.bulk_create([Order(code=f"B{at:06}", secret=f"order{at:012}", **order) for at in range(tickets // 10)],
                                       batch_size=500)
    found = {each.code: each for each in Order.objects.filter(event=event)}
    OrderPosition.all.bulk_create([
        OrderPosition(order=found[each.code], item=item, price=0, tax_rate=0, tax_value=0, positionid=nth + 1,
                      secret=f"secret{at * 10 + nth:010}", organizer=organizer, pseudonymization_id=f"P{at * 10 + nth:08}",
                      attendee_name_parts={"full_name": "Bench"})
        for at, each in enumerate(orders) for nth in range(10)], batch_size=500)
    entrance = event.checkin_lists.create(name="Entrance", all_products=True)
    tokens = []
    for at in range(devices):
        token = f"token{at:020}"
        Device.objects.create(organizer=organizer, name=f"device {at}", all_events=True, api_token=token, initialized=now(),
                              security_profile="full", device_id=at + 1)
        tokens.append(token)
    print(json.dumps({"list": entrance.pk, "tokens": tokens, "tickets": tickets}))


with scopes_disabled():
    main(int(sys.argv[1]), int(sys.argv[2]))
