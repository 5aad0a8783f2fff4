"""Every page, asked by the duty officer of a park of 19,300 people with 1,000,000 pieces of evidence: server time and queries.

The park is story B's. Times are the whole of a request inside the server: sign-in, questions, words, page. The peer of
each page is the emptiest page of the house in the same run, so that what a slow machine costs can be told from what we do.
"""

import argparse
import gc
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.home import open_home, seconds

BUDGET = 0.200
NOW = datetime(2022, 5, 19, 1, 30, tzinfo=UTC)               # 09:30 in the park, while its round goes on
EVIDENCE = 1_000_000


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--store", default="sqlite")
    words.add_argument("--soak", action="store_true")
    words.add_argument("--only", default="", help="pages whose name contains this")
    given = words.parse_args()
    open_home(given.store)
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["*"]
    from jiugong.lib import clock

    park, officer = _a_big_park()
    with clock.standing_at(NOW):
        return 0 if _measure(park, officer, given.store, given.only) else 1


def _a_big_park() -> Any:
    from jiugong.accounts.actions import create_user, grant
    from jiugong.accounts.roles import AccountRole
    from jiugong.lib import clock
    from jiugong.lib.acting import operator
    from jiugong.rulebook.actions import adopt
    from scenarios.b import replay

    started = time.perf_counter()
    told = replay.tell(replay.INPUTS, actor=operator())
    print(f"story b-screening told in {time.perf_counter() - started:.1f} s", flush=True)
    with clock.standing_at(NOW - timedelta(days=30)):
        adopt(told.park, "cn-2022-v9" if NOW.date().isoformat() >= "2022-06-28" else "cn-2021-v8",
              from_day=NOW.date() - timedelta(days=18), actor=operator())
        officer = create_user("officer", name="值班", park=told.park, actor=operator(), password="correct horse 9 staple")
        grant(officer, AccountRole.DUTY_OFFICER, park=told.park, actor=operator())
    _fill(told.park)
    return told.park, officer


def _fill(park: Any) -> None:
    """Health reports of four weeks, two a day, until there are a million; three in four of today's are in."""
    from django.db import connection, transaction

    from jiugong.registry.models import Person

    people = list(Person.objects.filter(park=park, postings__isnull=False).values_list("pk", flat=True).distinct())
    made, back, rows = 0, 0, []
    with transaction.atomic(), connection.cursor() as cursor:
        while made + len(rows) < EVIDENCE:
            at = NOW - timedelta(hours=1 + 12 * back)
            rows += [(park.pk, "health_report", f"{back}-{pk}", pk, at, at, True, '{"temperature": 36.5, "symptoms": []}',
                      "bench") for pk in people if back or pk % 4][:EVIDENCE - made - len(rows)]
            back += 1
            if len(rows) > 50_000 or made + len(rows) >= EVIDENCE:
                cursor.executemany(
                    "INSERT INTO duties_evidence (park_id, kind, client_id, person_id, happened_at, received_at, valid, data,"
                    " recorded_by) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)", rows)
                made, rows = made + len(rows), []
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _addresses(park: Any) -> dict[str, str]:
    """Every page that a reader can open with nothing but the park, and one of each that names a thing."""
    from django.urls import URLPattern, URLResolver, get_resolver, reverse

    from jiugong.registry.models import Person, Place, Unit
    from jiugong.screening.models import Round, Tube

    firm = Unit.objects.filter(park=park, kind="enterprise").order_by("-pk").first()
    team = Unit.objects.filter(park=park, kind="team").first()
    person = Person.objects.filter(park=park, postings__isnull=False).first()
    grid = Place.objects.filter(park=park, kind="grid").first()
    assert firm and team and person and grid
    things: dict[str, Any] = {
        "grid": grid.pk, "person": person.uid, "unit": firm.uid, "team": team.uid, "key": "screening.people_owed",
        "number": Round.objects.filter(park=park).values_list("number", flat=True)[0],
        "code": Tube.objects.filter(park=park).values_list("code", flat=True)[0]}

    def names(patterns: list[Any], inside: frozenset[str]) -> Any:
        for each in patterns:
            has = inside | frozenset(each.pattern.converters)
            if isinstance(each, URLResolver):
                if "api/" not in str(each.pattern):
                    yield from names(each.url_patterns, has)
            elif isinstance(each, URLPattern) and "park" in has:
                yield each.name, has - {"park"}

    found: dict[str, str] = {}
    for name, needs in names(get_resolver().url_patterns, frozenset()):
        if needs <= things.keys():
            mine = {one: things[one] for one in needs}
            if name == "rule-pack":
                mine["key"] = "cn-2022-v9"
            found[name] = reverse(name, kwargs={"park": park.uid, **mine})
    found["figure of 19,300 people"] = reverse("figure", kwargs={"park": park.uid, "key": "registry.people"})
    found["names of the round"] = reverse("names", kwargs={"park": park.uid}) + "?of=round:1&show=missing"
    found["names of a duty"] = reverse("names", kwargs={"park": park.uid}) + "?of=duty:health_report&show=missing"
    found["people searched"] = reverse("people", kwargs={"park": park.uid}) + "?q=王"
    return found


def _measure(park: Any, officer: Any, store: str, only: str) -> bool:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.force_login(officer)
    emptiest = seconds(lambda: client.get("/healthz"), times=9)
    measured = []
    for name, address in sorted(_addresses(park).items()):
        if only and only not in name:
            continue
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
            body = answer.getvalue() if answer.streaming else answer.content
            queries = len(asked)
        if answer.status_code != 200:
            print(f"  {name:<28} {answer.status_code} (not a page to read)", flush=True)
            continue
        gc.collect()
        measured.append((seconds(lambda address=address: client.get(address).content, times=5), name, queries, len(body),
                         answer.headers.get("Content-Type", "")))
    print(f"{store}: pages with 19,300 people and {EVIDENCE:,} pieces of evidence; the emptiest page {emptiest * 1000:.1f} ms")
    pages = [each for each in measured if each[4].startswith("text/html")]
    for taken, name, queries, size, kind in sorted(measured, reverse=True):
        late = "  OVER" if taken > BUDGET and kind.startswith("text/html") else ""
        print(f"  {name:<28} {taken * 1000:7.0f} ms {queries:4} queries {size / 1024:7.0f} KB  {taken / emptiest:6.0f} x{late}")
    return all(taken <= BUDGET for taken, *_rest in pages)


if __name__ == "__main__":
    sys.exit(main())
