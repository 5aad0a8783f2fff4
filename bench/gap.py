"""Owed less done for a whole city's people, one rule, one day, beside the bare SQL anti-join on the same store."""

import argparse
import os
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bench.home import open_home, say, seconds

DAY = date(2022, 7, 22)
MOST_RATIO = 2.0
PACK = """\
key: bench
title: {zh-hans: 测量, en: Benchmark}
issuer: bench
kind: covid
first_day: 2022-06-01
reference: {title: bench, issuer: bench, published: 2022-06-01}
historical: true
day_index_base: 0
"""
RULE = """\
title: {zh-hans: 每日健康报告, en: Daily health report}
reviewed_on: 2022-06-01
subject: person
evidence: health_report
values:
  2022-06-01:
    value:
      who: [{fact: status, is: on_duty}]
      cadence: {kind: windows_a_day, windows: [["00:00", "12:00"]]}
    assumption: {zh-hans: 测量, en: benchmark}
"""


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--store", default="sqlite")
    words.add_argument("--soak", action="store_true")
    given = words.parse_args()
    open_home(given.store)
    import jiugong.policy
    from jiugong.lib.acting import operator
    from jiugong.registry.actions.parks import create_park
    from jiugong.rulebook.actions import adopt

    jiugong.policy.PACKS = _one_rule()
    ratios = []
    for people in (10_000, 100_000, 1_000_000):
        park = create_park(f"测量园区{people}", actor=operator())
        adopt(park, "bench", from_day=date(2022, 7, 1), actor=operator())
        _fill(park, people)
        ours, bare = _measure(park)
        ratios.append(ours / bare)
        say(f"owed − done, {people:>9,} people, {given.store}", ours, bare, "bare anti-join", budget="at most 2")
    return 0 if ratios[-1] <= MOST_RATIO else 1


def _one_rule() -> Path:
    """A pack with one rule and nothing else: everybody on duty reports his health once a day."""
    packs = Path(os.environ["JIUGONG_HOME"]) / "packs"
    (packs / "bench" / "duties").mkdir(parents=True)
    (packs / "bench" / "pack.yaml").write_text(PACK)
    (packs / "bench" / "duties" / "health_report.yaml").write_text(RULE)
    return packs


def _fill(park: "object", people: int) -> None:
    """People in one enterprise, three in four of whom reported their health this morning, one in a hundred excused."""
    from django.db import connection

    from jiugong.registry.models import Unit

    office = Unit.objects.get(park=park, parent=None)
    firm = Unit.objects.create(park=park, parent=office, kind="enterprise", name="企业", key="企业", path=f"{office.path}f/")
    Unit.objects.filter(pk=firm.pk).update(enterprise=firm, path=f"{office.path}{firm.pk}/")
    numbers, a_uid = ("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %(people)s)",
                      "lower(hex(randomblob(16)))")
    if connection.vendor == "postgresql":
        numbers, a_uid = "WITH n(i) AS (SELECT generate_series(1, %(people)s))", "gen_random_uuid()"
    now = datetime(2022, 7, 22, 0, 0, tzinfo=UTC)
    facts = {"people": people, "park": office.park_id, "firm": firm.pk, "since": DAY - timedelta(days=30), "now": now,
             "before": now - timedelta(days=1), "after": now + timedelta(days=1)}
    with connection.cursor() as cursor:
        for statement in (
                f"INSERT INTO registry_person (uid, park_id, name, remark) {numbers} SELECT {a_uid}, %(park)s, 'n', '' FROM n",
                "INSERT INTO registry_posting (park_id, person_id, unit_id, enterprise_id, post, shift, key_post, status, since)"
                " SELECT park_id, id, %(firm)s, %(firm)s, '', '', false, 'on_duty', %(since)s FROM registry_person"
                " WHERE park_id = %(park)s",
                "INSERT INTO duties_evidence (park_id, kind, client_id, person_id, happened_at, received_at, valid, data,"
                " recorded_by) SELECT park_id, 'health_report', id, id, %(now)s, %(now)s, true, '{}', 'bench'"
                " FROM registry_person WHERE park_id = %(park)s AND id %% 4 <> 0",
                "INSERT INTO duties_excuse (park_id, person_id, duty, reason, since_at, until_at, decided_by,"
                " decided_by_name, decided_at) SELECT park_id, id, '', 'bench', %(before)s, %(after)s, 'bench', 'bench', %(now)s"
                " FROM registry_person WHERE park_id = %(park)s AND id %% 100 = 0",
                "ANALYZE"):
            cursor.execute(statement.replace("%%", "%") if statement == "ANALYZE" else statement, facts)


def _measure(park: "object") -> tuple[float, float]:
    from django.db import connection

    from jiugong.duties.queries import asked_by, due_for
    from jiugong.registry.models import Park

    assert isinstance(park, Park)
    at = datetime(2022, 7, 22, 1, 0, tzinfo=UTC)
    due = due_for(park, "health_report", at)
    assert due

    def ours() -> object:
        return asked_by(park, due, at).coverage()

    def bare() -> object:
        with connection.cursor() as cursor:
            cursor.execute("""
                SELECT count(*) FROM registry_posting p
                WHERE p.park_id = %s AND p.status = 'on_duty' AND p.since <= %s AND (p.until IS NULL OR p.until > %s)
                AND NOT EXISTS (SELECT 1 FROM duties_evidence e WHERE e.person_id = p.person_id
                                AND e.kind = 'health_report' AND e.happened_at >= %s AND e.happened_at < %s)
                """, [park.pk, DAY, DAY, due.window.start, due.window.closes_at])
            return cursor.fetchone()
    return seconds(ours), seconds(bare)


if __name__ == "__main__":
    sys.exit(main())
