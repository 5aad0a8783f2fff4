"""10,000 people flagged by other places, matched on a park of 20,000: the file read, matched, kept sealed, who answers told.

The peer reads the same file and asks the same store which of its numbers it knows, and keeps nothing.
"""

import argparse
import csv
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO

from bench.home import open_home, say
from bench.makers import number
from bench.roster import a_workbook

PEOPLE, FLAGGED, STRANGERS = 20_000, 10_000, 500
BUDGET = 2.0
NOW = datetime(2022, 11, 14, 1, 0, tzinfo=UTC)


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m bench.flagged", description=__doc__)
    words.add_argument("--store", default="sqlite")
    words.add_argument("--soak", action="store_true")
    given = words.parse_args()
    open_home(given.store)
    from jiugong.lib import clock
    from jiugong.lib.acting import operator
    from jiugong.registry.actions.parks import create_park
    from jiugong.registry.actions.rosters import import_roster, read_roster_file

    with clock.standing_at(NOW):
        park = create_park("测量园区", actor=operator())
        file = read_roster_file(a_workbook(PEOPLE), name="r.xlsx", park=park, park_name=park.name, mapping={})
        assert import_roster(park, file, actor=operator()).created_people == PEOPLE
        content = _a_list().encode("utf-8-sig")
        bare = _timed(lambda: _bare(park, content))
        ours = _timed(lambda: _ours(park, content))
        again = _timed(lambda: _ours(park, content, is_first=False))
    what = f"{FLAGGED:,} flagged matched on {PEOPLE:,}, {given.store}"
    say(what, ours, bare, "read and asked", budget=f"at most {BUDGET:.0f} s")
    print(f"{'':<58} the same list again {again:.3f} s", flush=True)
    return 0 if ours <= BUDGET else 1


def _a_list() -> str:
    """A list as it comes: numbers of the roster, some of nobody, each told by one of forty places."""
    lines = ["姓名,身份证号,手机号,推送单位,推送时间,风险原因,离开日期"]
    lines += [f"推送{at},{number(at)},1991{at:07},第{at % 40}市疾控中心,2022-11-14 08:{at % 60:02}:00,高风险区旅居史,2022-11-10"
              for at in range(PEOPLE - FLAGGED + STRANGERS, PEOPLE + STRANGERS)]
    return "\n".join(lines)


def _ours(park: "object", content: bytes, *, is_first: bool = True) -> None:
    from jiugong.lib.acting import operator
    from jiugong.registry.models import Park
    from jiugong.tracing.actions.flagged import import_flagged, read_flagged_file

    assert isinstance(park, Park)
    taken = import_flagged(park, read_flagged_file(content, name="f.csv", park=park), actor=operator())
    assert not taken.file.errors, taken.file.errors[:3]
    assert (taken.created, taken.unchanged) == ((FLAGGED, 0) if is_first else (0, FLAGGED)), (taken.created, taken.unchanged)
    assert not is_first or FLAGGED - taken.matched in range(STRANGERS - 1, STRANGERS + 2), taken.matched


def _bare(park: "object", content: bytes) -> None:
    from jiugong.lib import secrets
    from jiugong.registry.models import Park, Person, id_index

    assert isinstance(park, Park)
    ring = secrets.ring()
    indexes = [id_index(park, row["身份证号"], ring) for row in csv.DictReader(StringIO(content.decode("utf-8-sig")))]
    found = sum(Person.objects.filter(park=park, id_index__in=indexes[at:at + 5000]).count() for at in range(0, len(indexes), 5000))
    assert found >= FLAGGED - STRANGERS - 1, found


def _timed(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
