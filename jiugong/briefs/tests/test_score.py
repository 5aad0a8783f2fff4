"""The score of a day: boundaries on both sides and on it, only closed windows, every red with its reason, names by power."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from jiugong.accounts.queries import actor_for
from jiugong.briefs.figures import BY_KEY
from jiugong.briefs.logic import Bounds, Colour, colour, score
from jiugong.briefs.queries import scope_for
from jiugong.briefs.scope import scope_of
from jiugong.briefs.score import Scored, scores
from jiugong.briefs.windows import duties_of, rounds_of
from jiugong.duties.actions import excuse
from jiugong.journal.models import LookUp
from jiugong.lib import clock
from jiugong.lib.acting import operator
from jiugong.registry.models import Person, Posting, Unit
from jiugong.rulebook.actions import adopt
from jiugong.screening.actions.scans import Scan, bind
from tests.cast import DAY, MORNING, Town, an_id

FIRM = "东风木业有限公司"
THE_NEXT_MORNING = MORNING + timedelta(days=1)
OPEN = datetime(2022, 7, 22, 2, 30, 59, tzinfo=UTC)              # the last second in which the round is open
CLOSED = datetime(2022, 7, 22, 2, 31, tzinfo=UTC)


@pytest.mark.parametrize(("done", "asked", "said", "percent"), [
    (100, 100, Colour.GREEN, 100), (99, 100, Colour.AMBER, 99), (95, 100, Colour.AMBER, 95), (94, 100, Colour.RED, 94),
    (949, 1000, Colour.RED, 94), (950, 1000, Colour.AMBER, 95), (999, 1000, Colour.AMBER, 99), (0, 1, Colour.RED, 0),
    (1, 1, Colour.GREEN, 100), (0, 0, Colour.NOTHING, None)])
def test_a_score_is_judged_before_it_is_rounded(done: int, asked: int, said: Colour, percent: int | None) -> None:
    assert (colour(done=done, asked=asked, bounds=Bounds()), score(done=done, asked=asked)) == (said, percent)


@pytest.mark.parametrize(("done", "said"), [(90, Colour.GREEN), (89, Colour.AMBER), (80, Colour.AMBER), (79, Colour.RED)])
def test_bounds_that_a_pack_sets_are_kept(done: int, said: Colour) -> None:
    assert colour(done=done, asked=100, bounds=Bounds(green_from=90, red_below=80, assumed=False)) is said


@given(asked=st.integers(1, 500), done=st.data())
def test_one_more_done_never_makes_a_score_worse(asked: int, done: st.DataObject) -> None:
    some = done.draw(st.integers(0, asked - 1))
    order = [Colour.RED, Colour.AMBER, Colour.GREEN]

    assert order.index(colour(done=some, asked=asked, bounds=Bounds())) <= order.index(
        colour(done=some + 1, asked=asked, bounds=Bounds()))


def _of(town: Town, name: str = FIRM, who: str = "lin", day: date = DAY) -> Scored:
    scope = scope_for(actor_for(town.users[who]), town.park, day, day)
    return next(each for each in scores(scope) if each.enterprise.name == name)


@pytest.mark.django_db
def test_nobody_is_red_while_it_can_still_be_done(town: Town) -> None:
    with clock.standing_at(OPEN):
        still = _of(town)
    with clock.standing_at(CLOSED):
        over = _of(town)

    assert (still.colour, still.percent, still.reasons) == (Colour.UNDER_WAY, 66, ())
    assert (over.colour, over.percent) == (Colour.RED, 66)
    assert [(cell.asking.of, cell.covered.missing) for cell in over.reasons] == [("round:1", 1)]


@pytest.mark.django_db
def test_who_is_excused_is_not_asked(town: Town) -> None:
    with clock.standing_at(MORNING):
        excuse(town.park, town.people["郑伟"], reason="leave", since_at=MORNING - timedelta(hours=3),
               until_at=MORNING + timedelta(hours=9), actor=operator())
    with clock.standing_at(CLOSED):
        found = _of(town)

    assert (found.colour, found.percent, found.covered.excused) == (Colour.GREEN, 100, 1)


@pytest.mark.django_db
def test_red_and_green_are_figures_that_open_to_enterprises(town: Town) -> None:
    with clock.standing_at(MORNING):
        bind(town.park, [Scan(scan_id="third", round=1, tube="SY0001", point="第1网格采样点", id_number=an_id(3))],
             actor=operator())
    with clock.standing_at(CLOSED):
        scope = scope_of(town.park, DAY, DAY)
        red, green = (list(BY_KEY[f"duties.enterprises_{which}"].rows(scope)) for which in ("red", "green"))

    assert [line.facts["enterprise"] for line in green] == [FIRM]
    assert {line.facts["enterprise"]: line.facts["score"] for line in red} == {"南山家居有限公司": 0, "西河门窗有限公司": 0}
    assert all("3" in str(line.facts["reasons"]) or "2" in str(line.facts["reasons"]) for line in red)


@pytest.mark.django_db
def test_windows_add_up_to_what_the_figures_say(town: Town) -> None:
    adopt(town.park, "cn-2022-v9", from_day=date(2022, 7, 1), actor=operator())
    with clock.standing_at(THE_NEXT_MORNING):
        scope = scope_of(town.park, DAY, DAY)
        owed = sum(each.covered.owed for each in duties_of(scope))
        by_enterprise = sum(cell.covered.owed for each in scores(scope) for cell in each.cells)

        assert owed == BY_KEY["duties.owed"].count(scope) > 0
        assert by_enterprise <= owed + sum(each.covered.owed for each in rounds_of(scope))
        assert all(cell.is_closed for each in scores(scope) for cell in each.cells)


@pytest.mark.django_db
def test_an_enterprise_sees_its_own_and_a_grid_leader_his_grid(town: Town) -> None:
    def seen(who: str) -> set[str]:
        return {each.enterprise.name for each in scores(scope_for(actor_for(town.users[who]), town.park, DAY, DAY))}

    with clock.standing_at(CLOSED):
        assert seen("fang") == {FIRM}
        assert seen("tao") == {FIRM, "南山家居有限公司"}
        assert seen("lin") == {FIRM, "南山家居有限公司", "西河门窗有限公司"}


@pytest.mark.django_db
def test_the_page_says_why_and_leads_to_the_names(town: Town) -> None:
    client = Client()
    client.force_login(town.users["fang"])
    firm = town.firms[FIRM]
    with clock.standing_at(CLOSED):
        page = client.get(reverse("score", args=[town.park.uid])).content.decode()
        before = LookUp.objects.count()
        names = client.get(reverse("score-of", args=[town.park.uid, firm.uid])).content.decode()

    assert FIRM in page and "西河门窗有限公司" not in page
    assert reverse("score-of", args=[town.park.uid, firm.uid]) in page
    assert "郑伟" in names and "孙丽" not in names
    assert LookUp.objects.count() - before == 1


@pytest.mark.django_db
def test_a_leader_sees_the_score_and_no_name(town: Town) -> None:
    client = Client()
    client.force_login(town.users["zhou"])
    with clock.standing_at(CLOSED):
        page = client.get(reverse("score-of", args=[town.park.uid, town.firms[FIRM].uid])).content.decode()

    assert FIRM in page and "郑伟" not in page
    assert not LookUp.objects.filter(actor=f"user:{town.users['zhou'].pk}").exists()


@pytest.mark.django_db
def test_the_list_can_be_narrowed_sorted_and_taken_away(town: Town) -> None:
    client = Client()
    client.force_login(town.users["lin"])
    address = reverse("score", args=[town.park.uid])
    with clock.standing_at(CLOSED):
        green = client.get(address + "?colour=green").content.decode()
        found = client.get(address + "?q=西河").content.decode()
        by_name = client.get(address + "?sort=name").content.decode()
        rows = list(openpyxl.load_workbook(BytesIO(client.get(
            reverse("score-paper", args=[town.park.uid])).content)).worksheets[0].iter_rows(values_only=True))

    assert FIRM not in green
    assert "西河门窗有限公司" in found and FIRM not in found
    assert by_name.index(FIRM) < by_name.index("南山家居有限公司") < by_name.index("西河门窗有限公司")
    assert {row[0]: (row[2], *row[5:9]) for row in rows[1:]} == {
        FIRM: (66, 3, 2, 0, 1), "南山家居有限公司": (0, 2, 0, 0, 2), "西河门窗有限公司": (0, 3, 0, 0, 3)}


@pytest.mark.django_db
def test_a_program_reads_the_score(town: Town) -> None:
    client = Client()
    client.force_login(town.users["lin"])
    with clock.standing_at(CLOSED):
        told = client.get("/api/v1/briefs/score", {"park": town.park.name, "day": str(DAY)}).json()

    firm = next(each for each in told["enterprises"] if each["name"] == FIRM)
    assert (firm["score"], firm["colour"], told["bounds"]["assumed"]) == (66, "red", True)
    assert firm["windows"] == [{"of": "round:1", "window": "round/1", "closed": True, "owed": 3, "done": 2, "excused": 0,
                                "missing": 1}]


@pytest.mark.django_db
def test_scores_cost_the_same_for_three_enterprises_and_for_twenty_four(town: Town) -> None:
    adopt(town.park, "cn-2022-v9", from_day=date(2022, 7, 1), actor=operator())
    office = Unit.objects.get(park=town.park, kind="park_office")

    def cost() -> int:
        with clock.standing_at(CLOSED), CaptureQueriesContext(connection) as asked:
            scores(scope_of(town.park, DAY, DAY))
        return len(asked)

    few = cost()
    for at in range(21):
        firm = Unit.objects.create(park=town.park, parent=office, kind="enterprise", name=f"新{at}", key=f"新{at}",
                                   path=f"{office.path}n{at}/", enterprise_kind="enterprise")
        Unit.objects.filter(pk=firm.pk).update(enterprise=firm, path=f"{office.path}{firm.pk}/")
        person = Person.objects.create(park=town.park, name=f"某{at}")
        Posting.objects.create(park=town.park, person=person, unit=firm, enterprise=firm, status="on_duty", since=date(2022, 7, 1))

    assert cost() == few
