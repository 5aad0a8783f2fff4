"""An incident with 5,000 contacts: its list of contacts, its orders, its own page, the wall; and two presses that decide them all.

    python -m bench.contact_list --store postgresql

Each contact has four meetings on two grounds. What is measured is the page as the server answers it, without the network.
"""

import argparse
import json
import logging
import os
import statistics
import sys
from time import perf_counter
from typing import Any

from bench.serving import House, row

PEOPLE, CONTACTS, MEETINGS = 20_000, 5_000, 4
MOST_PAGE, MOST_PRESS, LOOKS = 0.2, 10.0, 7
PAGES = (("contacts", ""), ("contacts", "?page=50"), ("contacts", "?ground=bus"), ("contacts", "?q=1"), ("orders", ""),
         ("incident", ""), ("incident-wall", ""))


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m bench.contact_list", description=__doc__)
    words.add_argument("--store", default="sqlite", choices=("sqlite", "postgresql"))
    words.add_argument("--soak", action="store_true", help="the same: a list is a list")
    words.add_argument("--inside", action="store_true", help="read in the house of this process")
    given = words.parse_args()
    if given.inside:
        print(json.dumps(_inside()))
        return 0
    house = House(given.store)
    house.made("park", "--people", PEOPLE, "--rounds", 1, "--devices", 1)
    told = json.loads(house.run("-m", "bench.contact_list", "--inside").splitlines()[-1])
    kept = True
    for what, seconds in told["pages"].items():
        kept = row(f"{what}, {CONTACTS:,} contacts, {given.store}", f"{seconds * 1000:.0f} ms", f"≤ {MOST_PAGE * 1000:.0f} ms",
                   seconds <= MOST_PAGE) and kept
    for what, seconds in told["presses"].items():
        kept = row(f"{what}, {CONTACTS:,} orders, {given.store}", f"{seconds:.1f} s", f"≤ {MOST_PRESS:.0f} s",
                   seconds <= MOST_PRESS) and kept
    return 0 if kept else 1


def _inside() -> dict[str, Any]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiugong.settings")
    import django

    django.setup()
    logging.disable(logging.CRITICAL)
    from django.conf import settings

    from jiugong.accounts.actions import create_user, grant
    from jiugong.accounts.roles import AccountRole
    from jiugong.lib.acting import operator
    from jiugong.registry.models import Park

    settings.ALLOWED_HOSTS = ["*"]
    park = Park.objects.get()
    incident = _listed(park)
    keeper = create_user("bench-keeper", name="值班", park=park, actor=operator())
    grant(keeper, AccountRole.DUTY_OFFICER, park=park, actor=operator())
    return {"pages": _looks(park, incident, keeper), "presses": _presses(incident)}


def _listed(park: Any) -> Any:
    """The incident, its case, its contacts with their meetings, an order proposed for each."""
    from datetime import timedelta

    from jiugong.lib import clock
    from jiugong.lib.acting import operator
    from jiugong.tracing.actions.clocking import settle_clock
    from jiugong.tracing.actions.pseudonyms import numbered
    from jiugong.tracing.models import Case, Contact, Ground, Incident, Order, Pseudonym, Spot

    now = clock.now()
    numbered(park)
    who = list(Pseudonym.objects.filter(park=park).order_by("pk")[:CONTACTS + 1])
    incident = Incident.objects.create(park=park, number=1, found_by="routine_screening", tube="B1", told_at=now, opened_at=now,
                                       opened_by=operator().key)
    case = Case.objects.create(incident=incident, who=who[0], stage="confirmed", found_by="routine_screening", sampled_at=now,
                               since=now - timedelta(days=2), until=now, opened_at=now)
    spots = [Spot.objects.create(park=park, kind="bus", name=f"{at}号车", hall=f"{at}号车") for at in range(100)]
    contacts = Contact.objects.bulk_create([
        Contact(incident=incident, case=case, who=one, contact_class="close_contact", first_at=now - timedelta(days=1),
                listed_at=now, last_at=now - timedelta(minutes=at)) for at, one in enumerate(who[1:])], batch_size=1000)
    Ground.objects.bulk_create([
        Ground(contact=one, ground=("bus", "team_shift")[meeting % 2], rule="contacts.exposures.bus", release="cn-2022-20",
               spot=spots[(at + meeting) % 100], since=now - timedelta(hours=meeting + 1), until=now - timedelta(hours=meeting),
               source="bus_scan") for at, one in enumerate(contacts) for meeting in range(MEETINGS)], batch_size=1000)
    Order.objects.bulk_create([
        Order(park=park, incident=incident, contact=one, number=at, who=one.who, kind="close_contact", release="cn-2022-20",
              rule="control.close_contact", reason="contact_of_case", since=now, until=now + timedelta(days=8), proposed_at=now,
              proposed_by=operator().key, proposed_by_name="x") for at, one in enumerate(contacts, start=1)], batch_size=500)
    settle_clock(incident)
    return incident


def _looks(park: Any, incident: Any, keeper: Any) -> dict[str, float]:
    """The middle of some looks at each page; the first is not counted."""
    from allauth.account.internal.flows import login
    from django.test import Client
    from django.urls import reverse

    from jiugong.lib import clock

    client = Client()
    client.force_login(keeper)
    session = client.session                                   # past the second factor, which his role needs
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": clock.machine_time().timestamp()}]
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(keeper.pk)
    session.save()
    found = {}
    for name, query in PAGES:
        address = reverse(name, args=[park.uid] if name == "orders" else [park.uid, incident.number]) + query
        took = []
        for _look in range(LOOKS + 1):
            began = perf_counter()
            answer = client.get(address)
            took.append(perf_counter() - began)
            assert answer.status_code == 200, (address, answer.status_code)
        found[f"{name}{query}"] = statistics.median(took[1:])
    return found


def _presses(incident: Any) -> dict[str, float]:
    from jiugong.lib.acting import all_powers
    from jiugong.tracing.actions.bulk import decide_all, inform_all

    found = {}
    for what, act, who in (("first signature", decide_all, "one"), ("second signature", decide_all, "two"),
                           ("informed", inform_all, "one")):
        began = perf_counter()
        done = act(incident, actor=all_powers(key=who, name=who))
        found[what] = perf_counter() - began
        assert done.changed == CONTACTS, (what, done.changed)
    return found


if __name__ == "__main__":
    sys.exit(main())
