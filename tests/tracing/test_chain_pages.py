"""The chain on pages and by API: who presses what, twice and both at once; what each refuses, and that nothing changed then."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jiugong.lib import clock
from jiugong.lib.acting import operator
from jiugong.rulebook.actions import adopt
from jiugong.screening.actions.results import Report, report
from jiugong.screening.actions.retests import record_retest
from jiugong.tracing.models import Case, Contact, Incident, Order
from tests.cast import MORNING, Town
from tests.groundwork import Groundwork

pytestmark = pytest.mark.django_db
NOON = MORNING + timedelta(hours=4)


def _positive(town: Town) -> Incident:
    """Wu's and Sun's tube is positive; the park goes by the ninth edition, and everybody sleeps in one room."""
    with clock.standing_at(MORNING + timedelta(hours=1)):
        adopt(town.park, "cn-2022-v9", from_day=date(2022, 7, 1), actor=operator())
        report(town.park, Report(tube="SY0001", value="positive", reported_at=MORNING + timedelta(hours=1)), actor=operator())
    return Incident.objects.get(park=town.park)


def _a_case(town: Town, incident: Incident) -> Case:
    """Wu is positive alone, Sun is not."""
    with clock.standing_at(MORNING + timedelta(hours=2)):
        for name, value in (("吴强", "positive"), ("孙丽", "negative")):
            record_retest(town.park, tube="SY0001", person=town.people[name], value=value, at=MORNING + timedelta(hours=2),
                          actor=operator())
    return Case.objects.get(incident=incident)


@pytest.fixture
def incident(groundwork: Groundwork, town: Town) -> Incident:
    return groundwork.lay(_positive, town)


@pytest.fixture
def case(groundwork: Groundwork, town: Town, incident: Incident) -> Case:
    return groundwork.lay(_a_case, town, incident)


@pytest.fixture(autouse=True)
def _noon() -> Iterator[datetime]:
    with clock.standing_at(NOON):
        yield NOON


def as_(town: Town, username: str) -> Client:
    client = Client()
    client.force_login(town.users[username])
    return client


def at(town: Town, name: str, *args: Any) -> str:
    return reverse(name, args=[town.park.uid, *args])


def test_smoke(town: Town, case: Case) -> None:
    lin = as_(town, "lin")
    n = case.incident.number
    contact = Contact.objects.filter(case=case)[0]
    order = Order.objects.filter(kind="close_contact")[0]
    for language in ("zh-hans", "en"):
        lin.cookies["django_language"] = language
        for name, args in (("incidents", []), ("incident", [n]), ("incident-wall", [n]), ("incident-told", [n]),
                           ("incident-close", [n]), ("incident-mark", [n, "reported"]), ("case-decide", [n, case.pk]),
                           ("case-again", [n, case.pk]), ("contact-add", [n, case.pk]), ("contacts", [n]),
                           ("contacts-in-full", [n]), ("contact", [n, contact.pk]), ("contact-strike", [n, contact.pk]),
                           ("orders", []), ("order", [order.uid]), ("order-withdraw", [order.uid]), ("tube-retests", ["SY0001"])):
            answer = lin.get(at(town, name, *args))
            assert answer.status_code == 200, (name, answer.status_code)
        for query in ("q=吴", "class=close_contact&ground=dorm_room", "as=xlsx", "as=csv", "state=proposed", "state=none",
                      "state=struck", f"case={case.pk}"):
            assert lin.get(at(town, "contacts", n) + "?" + query).status_code == 200, query
        for query in ("q=吴", "state=late", "state=all", "as=xlsx", f"incident={n}&state=proposed", "kind=hold"):
            assert lin.get(at(town, "orders") + "?" + query).status_code == 200, query
