"""Closing a day of 20,000 people with three duties each, and verifying it afterwards (budget: 10 s to close).

    python -m bench.closing --store postgresql

Yesterday everybody owed a morning report, a temperature and a swab of a round; one in twenty forgot each of them.
"""

import argparse
import json
import os
import sys
from datetime import timedelta
from time import perf_counter
from typing import Any

from bench.serving import House, row

BUDGET, PEOPLE, FORGETS = 10.0, 20_000, 20


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m bench.closing", description=__doc__)
    words.add_argument("--store", default="sqlite", choices=("sqlite", "postgresql"))
    words.add_argument("--soak", action="store_true", help="the same: a day is a day")
    words.add_argument("--inside", action="store_true", help="fill and close the house of this process")
    given = words.parse_args()
    if given.inside:
        print(json.dumps(_inside()))
        return 0
    house = House(given.store)
    house.made("park", "--people", PEOPLE, "--rounds", 1, "--rules", "--devices", 1)
    told = json.loads(house.run("-m", "bench.closing", "--inside").splitlines()[-1])
    what = f"closing a day of {PEOPLE:,} people, {told['duties']} duties each ({told['rows']:,} rows sealed), {given.store}"
    kept = row(what, f"{told['close']:.1f} s", f"≤ {BUDGET:.0f} s", told["close"] <= BUDGET)
    row(f"verifying it, {given.store}", f"{told['verify']:.1f} s", "–", None)
    row(f"what its seal takes, {given.store}", f"{told['bytes'] / 1e6:.1f} MB", "–", None)
    return 0 if kept else 1


def _inside() -> dict[str, Any]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiugong.settings")
    import django

    django.setup()
    from jiugong.closing.actions import close_day, verify
    from jiugong.closing.models import SealedTable
    from jiugong.lib import clock, days
    from jiugong.lib.acting import operator
    from jiugong.registry.models import Park

    park = Park.objects.get()
    yesterday = days.day_of(clock.now(), park.zone) - timedelta(days=1)
    _fill(park, yesterday)
    began = perf_counter()
    seal = close_day(park, yesterday, actor=operator())
    closed = perf_counter()
    found = verify(park, actor=operator())
    ended = perf_counter()
    assert found.ok and found.days == 1
    owed = [each for each in seal.counts.filter(subject="person") if each.owed == PEOPLE]
    assert all(each.missed == PEOPLE // FORGETS for each in owed), [(each.key, each.owed, each.missed) for each in owed]
    tables = list(SealedTable.objects.filter(seal=seal))
    return {"close": closed - began, "verify": ended - closed, "duties": len(owed), "rows": sum(each.rows for each in tables),
            "bytes": sum(len(bytes(each.blob)) for each in tables)}


def _fill(park: Any, day: Any) -> None:
    """A day's evidence and swabs, written past the house: it is the close that is measured."""
    from jiugong.duties.models import Evidence
    from jiugong.lib import days
    from jiugong.lib.acting import operator
    from jiugong.registry.models import Posting
    from jiugong.rulebook.actions.supplements import supplement
    from jiugong.screening.models import Point, Round, Specimen, Tube

    start = days.bounds(day, park.zone)[0]
    supplement(park, "duties.temperature", actor=operator(), since=day, title="通知", issuer="园区", published=str(day), value={
        "who": [{"fact": "status", "is": "on_duty"}], "cadence": {"kind": "windows_a_day", "windows": [["00:00", "23:00"]]}}, rule={
        "kind": "duty", "title": {"zh-hans": "测温", "en": "Temperature"}, "reviewed_on": str(day), "subject": "person",
        "evidence": "temperature"})
    Posting.objects.filter(park=park).update(since=day - timedelta(days=30))
    people = list(Posting.objects.filter(park=park, status="on_duty").order_by("pk").values_list("person_id", flat=True))
    mine = [(at, person, start + timedelta(hours=6, seconds=at // 4)) for at, person in enumerate(people)]
    for kind in ("health_report", "temperature"):
        Evidence.objects.bulk_create([Evidence(
            park=park, kind=kind, client_id=f"{kind}-{at}", person_id=person, happened_at=moment, received_at=moment,
            data={"temperature": 36.5, "symptoms": []}, recorded_by="user:1")
            for at, person, moment in mine if at % FORGETS], batch_size=2000)
    the_round = Round.objects.create(park=park, number=900, day=day, opens_at=start, closes_at=start + timedelta(hours=20),
                                     pool_size=20)
    point = Point.objects.filter(park=park).earliest("pk")
    tubes = Tube.objects.bulk_create([Tube(park=park, code=f"T{at}", round=the_round, point=point, capacity=20, opened_at=start)
                                      for at in range(len(people) // 20 + 1)], batch_size=2000)
    Specimen.objects.bulk_create([Specimen(
        park=park, scan_id=f"s-{at}", round=the_round, tube=tubes[at // 20], position=at % 20 + 1, kind="person", person_id=person,
        sampled_at=moment, device_at=moment, received_at=moment, bound_by="user:1") for at, person, moment in mine if at % FORGETS],
        batch_size=2000)


if __name__ == "__main__":
    sys.exit(main())
