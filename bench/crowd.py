"""A park of a city's size for `bench/contacts.py`, and story A up to the moment that is measured."""

import csv
import hashlib
from datetime import date, timedelta
from time import perf_counter
from typing import Any

from bench import whereabouts


def make(people: int, days: int) -> dict[str, Any]:
    """People with their teams and numbers, every spot, and closed days in files; written past the house."""
    from jiugong.lib.acting import operator
    from jiugong.registry.actions.parks import create_park
    from jiugong.registry.models import Person
    from jiugong.tracing.models import Pseudonym, Spot

    park, numbers = create_park("测量城", actor=operator()), whereabouts.numbers_of(people)
    Person.objects.bulk_create([Person(park=park, name=f"某{at}") for at in range(people)], batch_size=2000)
    keys = list(Person.objects.filter(park=park).order_by("pk").values_list("pk", flat=True))
    Pseudonym.objects.bulk_create([Pseudonym(park=park, person_id=key, number=int(number))
                                   for key, number in zip(keys, numbers, strict=True)], batch_size=2000)
    _teams(park, keys)
    Spot.objects.bulk_create([
        Spot(pk=hall * 1000 + number, park=park, kind=kind, name=f"{hall}/{number}", hall=str(hall), number=number or None)
        for kind, hall, count in whereabouts.halls(people, days) for number in (range(1, count + 1) if count else (0,))],
        batch_size=5000)
    return {"rows": _days(park, numbers, days)}


def _teams(park: Any, keys: list[int]) -> None:
    from jiugong.registry.models import Posting, Unit

    office = Unit.objects.filter(park=park).earliest("pk")
    enterprise = Unit.objects.create(park=park, parent=office, kind="enterprise", name="测量企业", path="")
    Unit.objects.filter(pk=enterprise.pk).update(path=f"{office.path}{enterprise.pk}/")
    teams = Unit.objects.bulk_create([
        Unit(park=park, parent=enterprise, enterprise=enterprise, kind="team", name=f"{at}班", key=f"{at}班", path=f"x/{at}/")
        for at in range(len(keys) // whereabouts.TEAM + 1)], batch_size=2000)
    Posting.objects.bulk_create([
        Posting(park=park, person_id=key, unit=teams[at // whereabouts.TEAM], enterprise=enterprise, since=whereabouts.FIRST_DAY,
                shift="day", status="on_duty") for at, key in enumerate(keys)], batch_size=2000)


def _days(park: Any, numbers: Any, days: int) -> int:
    import pyarrow.compute as of

    from jiugong.lib import clock
    from jiugong.tracing.models import HistoryDay
    from jiugong.tracing.queries.history_files import file_of, mac_of

    def place(day: int) -> Any:
        return file_of(HistoryDay(park=park, day=whereabouts.FIRST_DAY + timedelta(days=day)))
    total = 0
    for day, path, stays in whereabouts.write_days(numbers, days, place):
        kept = HistoryDay(park=park, day=whereabouts.FIRST_DAY + timedelta(days=day), opened_at=clock.now(), as_of=0,
                          written_at=clock.now(), rows=stays.num_rows, first=of.min(stays["entered"]).as_py(),
                          last=of.max(stays["left"]).as_py())
        with path.open("rb") as file:
            kept.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        kept.mac = mac_of(kept)
        kept.save()
        total += stays.num_rows
    return total


def tell_story_a() -> dict[str, Any]:
    """Import the story's files, let the tube be positive, and measure the retest that makes the case."""
    import json
    from contextlib import redirect_stdout
    from io import StringIO

    from jiugong.cli import main
    from jiugong.lib.acting import operator
    from jiugong.registry.models import Park
    from jiugong.rulebook.actions import adopt
    from jiugong.tracing.models import Contact, Trace
    from jiugong.tracing.queries.history import warm
    from scenarios.a.replay import INPUTS, RELEASE

    expected = json.loads((INPUTS.parents[2] / "tests/data/story-a.expected.json").read_text())
    park = expected["park"]

    def said(*words: str) -> float:
        began, out = perf_counter(), StringIO()
        with redirect_stdout(out):
            assert main([*words, "--park", park, "--json"]) == 0, out.getvalue()
        return perf_counter() - began

    said("import", "roster", str(INPUTS / "roster.xlsx"), "--create-park", "--at", "2022-11-12")
    adopt(Park.objects.get(name=park), RELEASE, from_day=date(2022, 11, 12), actor=operator())
    said("import", "scans", str(INPUTS / "scans.csv"))
    said("import", "presence", str(INPUTS / "presence.csv.gz"))
    warm()
    said("result", "--tube", expected["positive_tube"], "--result", "positive", "--at", expected["told_at"])
    rows = list(csv.DictReader((INPUTS / "retests.csv").read_text("utf-8-sig").splitlines()))
    seconds = [said("retest", "--tube", expected["positive_tube"], "--person", row["身份证号"], "--at", row["报告时间"], "--result",
                    "positive" if row["结果"] == "阳性" else "negative") for row in rows if row["结果"] == "阳性"]
    return {"seconds": max(seconds), "contacts": Contact.objects.count(), "milliseconds": Trace.objects.latest("pk").milliseconds}
