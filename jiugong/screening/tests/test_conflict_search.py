"""Looking for words among conflicts: what is found, on which page, and what nobody is told that is out of his reach."""

import pytest

from jiugong.lib.acting import EVERYTHING
from jiugong.screening.actions.scans import bind
from jiugong.screening.actions.settling import keep_all
from jiugong.screening.models import Round
from jiugong.screening.queries.conflicts import settlements_of, that_say, waiting_conflicts
from jiugong.screening.tests.conftest import id_number

ALL = (EVERYTHING,)


@pytest.mark.parametrize(("words", "found"), [("WEB-2", 1), ("t1", 1), ("T9", 0), ("round", 0)])
def test_the_page_looks_for_words_in_what_waits_and_in_what_was_settled(park, as_role, page_of, twice, words, found):
    lin = as_role("duty_officer")
    assert len(lin.get(page_of("conflicts"), {"q": words}).context["rows"]) == found

    lin.post(page_of("conflict-keep"), {"kind": "twice", "scan": ["a", "b"], "settle_id": "p1", "reason": "two phones"})

    for asked, rows in (({"q": words}, found), ({"q": "TWO phones"}, 1), ({"q": words, "kind": "clock"}, 0)):
        assert len(lin.get(page_of("conflicts"), {"state": "settled", **asked}).context["rows"]) == rows
        assert lin.get(page_of("conflicts"), {"state": "settled", "export": "xlsx", **asked}).status_code == 200
    assert not lin.get(page_of("conflicts"), {"q": words}).context["rows"]


def test_words_tell_nothing_of_what_is_out_of_reach(park, boss, round_1, a_worker, a_point, a_scan):
    a_point(enterprise="甲", name="甲采样点"), a_point(enterprise="乙", name="乙采样点"), a_worker(number=1)
    bind(park, [a_scan(1, scan_id="a", point="甲采样点"), a_scan(1, scan_id="b", tube="T2", point="乙采样点")], actor=boss)
    reach, rounds = (park.units.get(kind="enterprise", name="甲").path,), Round.objects.filter(park=park)

    def found(words: str) -> list[int]:
        return [len(that_say(waiting_conflicts(park, rounds, roots), words, park, roots)) for roots in (reach, ALL, ())]

    assert (found("T1"), found("T2")) == ([1, 1, 0], [0, 1, 0])
    keep_all(park, "twice", ["a", "b"], settle_id="d1", reason="核实过", actor=boss)
    assert [len(settlements_of(park, rounds, reach, text=words)) for words in ("T1", "T2", "核实")] == [1, 0, 1]
    assert not settlements_of(park, rounds, ()).exists()


def test_a_walk_in_is_found_by_what_is_shown_of_his_number(park, boss, round_1, a_point, a_scan):
    a_point()
    bind(park, [a_scan(9, scan_id="x"), a_scan(8, scan_id="y")], actor=boss)
    waiting = waiting_conflicts(park, Round.objects.filter(park=park), ALL)

    assert len(that_say(waiting, id_number(9)[-4:], park, ALL)) == 1
    assert that_say(waiting, id_number(9), park, ALL) == []
