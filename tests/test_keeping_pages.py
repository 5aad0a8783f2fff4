"""The pages and operations on which the roster is kept: who may, what is said, and that the same sent twice is once.

Long because every page of the roster is opened by the same few people.
"""

from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiugong.accounts.actions import create_token
from jiugong.briefs.figures import BY_KEY
from jiugong.briefs.scope import scope_of
from jiugong.journal.models import Entry, LookUp
from jiugong.lib.acting import operator
from jiugong.registry.actions.postings import change_person, hire, leave, move
from jiugong.registry.actions.units import add_part
from jiugong.registry.logic.entries import Changes, Who, Work
from jiugong.registry.models import Body, BodyMember, Charge, Mapping, Posting, Unit
from jiugong.registry.queries.people import posting_on
from jiugong.registry.tests.makers import a_charge, a_firm, a_number, a_workbook, a_worker, take
from jiugong.registry.words import UnitKind
from tests.cast import DAY, Town, an_id
from tests.test_registry_pages import as_, at, upload

FIRM, OTHER = "东风木业有限公司", "西河门窗有限公司"


@pytest.fixture(autouse=True)
def _morning(this_morning: datetime) -> None:
    """Everything happens at 08:42."""


def a_newcomer(town: Town, **other: Any) -> dict[str, Any]:
    return {"name": "新来", "id_number": an_id(77), "unit": str(town.firms[FIRM].uid), "since": DAY.isoformat(),
            "status": "on_duty", **other}


# people -------------------------------------------------------------------------------------------------------------

def test_a_prevention_officer_adds_moves_and_lets_go_a_worker_of_hers(town: Town) -> None:
    fang = as_(town, "fang")
    team = Unit.objects.get(enterprise=town.firms[FIRM], kind="team")

    added = fang.post(at(town, "people/add"), a_newcomer(town))
    again = fang.post(at(town, "people/add"), a_newcomer(town))
    record = added.headers["Location"]
    assert again.headers["Location"] == record
    assert Posting.objects.filter(person__name="新来").count() == 1
    person = Posting.objects.get(person__name="新来").person
    base = at(town, f"people/{person.uid}/")
    assert fang.post(base + "move", {"unit": str(team.uid), "since": "2022-07-23"}).status_code == 302
    assert fang.post(base + "change", {"name": "新来", "since": "2022-07-24", "status": "on_leave"}).status_code == 302
    assert fang.post(base + "leave", {"on": "2022-07-25"}).status_code == 302

    told = [(posting.unit.name, posting.status) if (posting := posting_on(person, date(2022, 7, day))) else None
            for day in (21, 22, 23, 24, 25)]
    assert told == [None, (FIRM, "on_duty"), (team.name, "on_duty"), (team.name, "on_leave"), None]
    assert [line.what for line in fang.get(record).context["history"]] == ["posting"] * 3
    assert {entry.verb for entry in Entry.objects.filter(actor_name="方敏")} == {
        "person.hired", "person.moved", "person.changed", "person.left"}


def test_what_is_mistyped_is_said_where_it_was_typed(town: Town) -> None:
    fang, before = as_(town, "fang"), Posting.objects.count()

    wrong = fang.post(at(town, "people/add"), a_newcomer(town, id_number=an_id(77)[:-1] + "*", phone="1"))
    nowhere = fang.post(at(town, "people/add"), a_newcomer(town, unit="", **{"unit-text": "木工1班"}) | {"since": ""})

    assert wrong.status_code == 422
    assert list(wrong.context["form"].errors) == ["id_number"]
    assert list(nowhere.context["form"].errors) == ["since"]
    assert Posting.objects.count() == before


def test_whom_the_park_has_is_offered_to_be_moved_to_the_office_and_hidden_from_others(town: Town) -> None:
    known = a_newcomer(town, name="褚亮", id_number=an_id(6))

    offered = as_(town, "lin").post(at(town, "people/add"), known)
    hidden = as_(town, "fang").post(at(town, "people/add"), known)

    assert offered.status_code == hidden.status_code == 422
    assert f"people/{town.people['褚亮'].uid}/move" in offered.context["move_url"]
    assert as_(town, "lin").get(offered.context["move_url"]).context["form"]["unit"].value().value == str(town.firms[FIRM].uid)
    assert hidden.context["move_url"] == ""
    assert OTHER not in hidden.content.decode()


def test_nobody_reaches_a_worker_or_a_unit_of_another_enterprise(town: Town) -> None:
    fang, before = as_(town, "fang"), Posting.objects.count()
    chu, other = town.people["褚亮"], town.firms[OTHER]

    for rest in ("record", "change", "move", "leave"):
        assert fang.get(at(town, f"people/{chu.uid}/{rest}")).status_code == 404
    assert fang.post(at(town, f"people/{chu.uid}/leave"), {"on": "2022-07-22"}).status_code == 404
    assert fang.post(at(town, "people/add"), a_newcomer(town, unit=str(other.uid))).status_code == 422
    assert fang.get(at(town, f"people/add?unit={other.uid}")).status_code == 404
    assert fang.get(at(town, f"enterprises/{other.uid}")).status_code == 404
    assert as_(town, "tao").get(at(town, "people/add")).status_code == 403
    assert Posting.objects.count() == before


def test_an_untouched_form_changes_nothing(town: Town) -> None:
    fang, wu = as_(town, "fang"), town.people["吴强"]
    form = fang.get(at(town, f"people/{wu.uid}/change")).context["form"]
    before, rows = Entry.objects.count(), Posting.objects.count()

    answer = fang.post(at(town, f"people/{wu.uid}/change"), {
        name: form[name].value() or "" for name in form.fields if name != "key_post"} | {"since": "2022-07-22"})

    assert answer.status_code == 302
    assert (Entry.objects.count(), Posting.objects.count()) == (before, rows)
    assert as_(town, "lin").get(at(town, f"people/{wu.uid}/record")).context["person"].masked_phone


# units --------------------------------------------------------------------------------------------------------------

def test_the_page_of_an_enterprise_says_who_works_and_who_answers_there(town: Town) -> None:
    page = as_(town, "zhou").get(at(town, f"enterprises/{town.firms[FIRM].uid}"))
    assert page.context["staff"].people == 3
    assert "吴强" not in page.content.decode()
    looks = LookUp.objects.count()
    page = as_(town, "fang").get(at(town, f"enterprises/{town.firms[FIRM].uid}"), {"q": "吴"})
    assert [row.person.name for row in page.context["rows"]] == ["吴强"]
    assert LookUp.objects.count() == looks + 1
    assert "方敏" in [each.person.name for each in page.context["chain"]]


def test_an_enterprise_is_added_changed_and_ended_after_a_look_at_how_many_leave(town: Town) -> None:
    lin = as_(town, "lin")
    added = lin.post(at(town, "enterprises/add"), {"name": "新厂有限公司", "kind": "enterprise", "since": "2022-07-22",
                                                   "grid": str(town.grids["第2网格"].pk)})
    assert added.status_code == 302
    firm = town.firms[OTHER]
    page = lin.get(at(town, f"enterprises/{firm.uid}/end"))
    assert page.context["form"].initial["people"] == 3

    stale = lin.post(at(town, f"enterprises/{firm.uid}/end"), {"on": "2022-07-22", "people": "2"})
    assert (stale.status_code, stale.context["form"]["people"].value()) == (422, "3")
    assert posting_on(town.people["褚亮"], DAY)
    done = lin.post(at(town, f"enterprises/{firm.uid}/end"), {"on": "2022-07-22", "people": "3"})

    assert done.status_code == 302
    assert posting_on(town.people["褚亮"], DAY) is None
    assert firm.name not in [row.unit.name for row in lin.get(at(town, "enterprises")).context["rows"]]
    assert [row.unit for row in lin.get(at(town, "enterprises"), {"ended": "ended"}).context["rows"]] == [firm]


def test_a_team_is_added_renamed_and_ended_by_who_keeps_its_enterprise(town: Town) -> None:
    fang, firm = as_(town, "fang"), town.firms[FIRM]

    fang.post(at(town, f"enterprises/{firm.uid}/add"), {"kind": "team", "name": "夜班组", "since": "2022-07-22"})
    team = Unit.objects.get(name="夜班组")
    fang.post(at(town, f"enterprises/{team.uid}/change"), {"name": "晚班组"})
    assert fang.post(at(town, f"enterprises/{team.uid}/end"), {"on": "2022-07-22", "people": "0"}).status_code == 302

    team.refresh_from_db()
    assert (team.name, team.until) == ("晚班组", DAY)
    assert fang.get(at(town, f"enterprises/{firm.uid}/change")).status_code == 403


# charges and groups -------------------------------------------------------------------------------------------------

def test_a_prevention_officer_puts_a_team_leader_in_charge_and_no_chief(town: Town) -> None:
    fang, team = as_(town, "fang"), Unit.objects.get(enterprise=town.firms[FIRM], kind="team")
    asked = {"who": str(town.people["吴强"].uid), "over": f"unit:{team.uid}", "since": "2022-07-22"}

    assert fang.post(at(town, "charges"), asked | {"role": "team_leader"}).status_code == 302
    refused = fang.post(at(town, "charges"), asked | {"role": "prevention_officer"})
    elsewhere = fang.post(at(town, "charges"), asked | {"role": "team_leader", "over": f"unit:{town.firms[OTHER].uid}"})

    assert (refused.status_code, elsewhere.status_code) == (422, 422)
    assert [charge.role for charge in Charge.objects.filter(person=town.people["吴强"])] == ["team_leader"]


def test_a_group_is_set_up_somebody_is_seated_and_the_seat_ends(town: Town) -> None:
    lin = as_(town, "lin")
    made = lin.post(at(town, "groups/add"), {"kind": "task_force", "name": "防疫专班", "duties": "每日调度", "since": "2022-07-22"})
    body = Body.objects.get(name="防疫专班")
    assert made.headers["Location"] == at(town, f"groups/{body.pk}/seat")

    for _twice in range(2):
        lin.post(at(town, f"groups/{body.pk}/seat"), {
            "who-text": "吴强", "tier": "organiser", "duty": "联络", "since": "2022-07-22"})
    seat = BodyMember.objects.get(body=body)
    assert (seat.person, seat.tier) == (town.people["吴强"], "organiser")
    assert lin.post(at(town, f"groups/seats/{seat.pk}/end"), {"on": "2022-07-21"}).status_code == 422
    lin.post(at(town, f"groups/seats/{seat.pk}/end"), {"on": "2022-07-23"})
    lin.post(at(town, f"groups/{body.pk}/end"), {"on": "2022-07-24"})

    seat.refresh_from_db()
    assert seat.until == date(2022, 7, 23)
    shown = [[body.name for body, _kind, _tiers in lin.get(at(town, "groups"), {"day": f"2022-07-{day}"}).context["bodies"]]
             for day in (21, 23, 24)]
    assert ["防疫专班" in names for names in shown] == [False, True, False]


# choosers -----------------------------------------------------------------------------------------------------------

def test_a_chooser_offers_only_what_is_within_reach(town: Town) -> None:
    def offered(name: str, rest: str) -> list[str]:
        return [offer.text for offer in as_(town, name).get(at(town, rest)).context["offers"]]

    assert offered("lin", "choose/units?q=公司&kinds=enterprise") == [FIRM, "南山家居有限公司", OTHER]
    assert offered("fang", "choose/units?q=公司&kinds=enterprise&power=keep_roster") == [FIRM]
    assert offered("tao", "choose/people?q=强") == ["吴强"]
    assert offered("tao", "choose/people?who-text=褚亮") == []
    assert offered("lin", "choose/things?q=网格") == ["第1网格", "第2网格"]
    assert offered("fang", "choose/things?q=木工1") == [f"{FIRM} · 木工车间 · 木工1班"]
    assert as_(town, "zhou").get(at(town, "choose/people?q=吴")).status_code == 403


# lists as workbooks -------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("rest", "rows", "holds"), [
    ("people", 8, "吴强"), ("people?status=on_leave", 0, ""), ("people?q=吴强", 1, "吴强"), ("enterprises", 3, FIRM),
    ("charges?role=grid_leader", 2, "陶磊"), ("groups", 1, "信息采集组")])
def test_a_list_comes_as_a_workbook_as_it_is_narrowed(town: Town, rest: str, rows: int, holds: str) -> None:
    lin, looks = as_(town, "lin"), LookUp.objects.count()

    answer = lin.get(at(town, rest + ("&" if "?" in rest else "?") + "as=xlsx"))

    cells = list(openpyxl.load_workbook(BytesIO(answer.content)).active.values)
    assert len(cells) == rows + 1
    assert holds in str(cells)
    assert an_id(1) not in str(cells)
    assert LookUp.objects.count() - looks == (rows if rest.startswith("people") else 0)


# mappings -----------------------------------------------------------------------------------------------------------

FOREIGN = {"企业信息": {"name": "厂名", "credit_code": "代码", "grid": "片区"},
           "人员台账": {"name": "员工", "id_number": "证件", "phone": "电话号", "enterprise": "厂", "status": "目前情况"}}


def foreign() -> bytes:
    """A roster as somebody's own software writes it: other headings, other sheet names."""
    firm = {name: value for name, value in a_firm(8).items() if name in FOREIGN["企业信息"]}
    people = [{name: value for name, value in a_worker(serial, 8).items() if name in FOREIGN["人员台账"]} for serial in (81, 82)]
    return a_workbook(headings=FOREIGN, sheets=[("企业信息", "Sheet1", [firm]), ("人员台账", "Sheet2", people)])


def test_a_foreign_roster_goes_through_by_the_lists_alone(town: Town) -> None:
    lin, preview = as_(town, "lin"), upload(town, foreign())
    asked = lin.get(preview).headers["Location"]
    page = lin.get(asked)
    firms, people = page.context["tables"]
    assert (firms.kind, people.kind) == ("企业信息", "人员台账")
    guessed = {line.ours: line.theirs for line in people.lines if line.guessed}
    assert {"身份证号": "证件", "手机号": "电话号", "在岗状态": "目前情况"}.items() <= guessed.items()
    assert [column.samples[0][:8] for column in people.columns if column.text in ("证件", "电话号")] == ["349901**", "199****0"]
    assert a_number(81) not in page.content.decode()

    said = {"name": "某软件", "kind0": "企业信息", "kind1": "人员台账"}
    said |= {f"0.{field}": theirs for field, theirs in FOREIGN["企业信息"].items()}
    said |= {f"1.{field}": theirs for field, theirs in FOREIGN["人员台账"].items()}
    back = lin.post(asked, said).headers["Location"]
    assert lin.get(back).context["taken"].created_people == 2
    done = lin.get(lin.post(back, {"bad_rows": "refuse"}).headers["Location"])

    assert done.context["told"]["people"] == 2
    assert Posting.objects.filter(enterprise__name=a_firm(8)["name"]).count() == 2


def test_a_sheet_that_is_not_understood_is_named_before_anybody_says_yes(town: Town) -> None:
    half = a_workbook(headings={"人员台账": FOREIGN["人员台账"]}, sheets=[
        ("企业信息", "企业信息", [a_firm(8)]),
        ("人员台账", "职工", [{name: value for name, value in a_worker(81, 8).items() if name in FOREIGN["人员台账"]}])])

    assert as_(town, "lin").get(upload(town, half)).context["strange"] == ["职工"]


def test_a_mapping_said_anew_forgets_what_was_wrong_and_can_be_deleted(town: Town) -> None:
    lin, preview = as_(town, "lin"), upload(town, foreign())
    asked = lin.get(preview).headers["Location"]
    said = {"name": "某软件", "kind1": "人员台账", "1.name": "厂", "1.id_number": "证件", "1.enterprise": "员工"}
    lin.post(asked, said)
    lin.post(asked + "&name=某软件", said | {"1.name": "员工", "1.enterprise": "厂"})

    assert Mapping.objects.get().headings["人员台账"] == {"员工": "姓名", "证件": "身份证号", "厂": "企业名称"}
    assert as_(town, "fang").post(at(town, "import/mapping/delete"), {"name": "某软件"}).status_code == 403
    assert lin.post(at(town, "import/mapping/delete"), {"name": "无"}).status_code == 422
    assert Mapping.objects.count() == 1
    lin.post(at(town, "import/mapping/delete"), {"name": "某软件"})
    assert not Mapping.objects.exists()


def test_a_large_file_shows_that_it_is_being_read_and_may_be_left(town: Town) -> None:
    lin, preview = as_(town, "lin"), upload(town, b"PK" + bytes(1_000_000))

    page = lin.get(preview)

    assert page.status_code == 200
    assert page.context["seconds"] > 1
    assert page.context["next"] == preview + "?now=1"
    assert lin.get(page.context["next"]).status_code == 422
    assert [each.name for each in lin.get(at(town, "import")).context["waiting"]] == ["roster.xlsx"]


# queries ------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("rest", ["enterprises/{firm}", "people/{wu}/record", "choose/people?q=工", "choose/units?q=班",
                                  "people?as=xlsx", "enterprises?as=xlsx", "charges?as=xlsx"])
def test_the_number_of_queries_is_the_same_for_one_and_for_twenty_one(town: Town, rest: str) -> None:
    lin = as_(town, "lin")
    address = at(town, rest.format(firm=town.firms[FIRM].uid, wu=town.people["吴强"].uid))
    take(town.park, a_workbook([a_firm(6)], [a_worker(61, 6)]), at="2022-07-02")
    lin.get(address)
    with CaptureQueriesContext(connection) as few:
        lin.get(address)
    take(town.park, a_workbook([a_firm(serial) for serial in range(30, 50)], [a_worker(200, 30)], [
        a_charge(f"责{serial}", "防疫专员", a_firm(serial)["name"], serial) for serial in range(30, 50)]), at="2022-07-02")
    for serial in range(100, 121):
        team = add_part(town.firms[FIRM], UnitKind.TEAM, f"{serial}班", actor=operator(), since=DAY)
        hire(team, Who(name=f"工{serial}", id_number=a_number(serial)), Work(post="班组长"), actor=operator(), since=DAY)
        change_person(town.people["吴强"], Changes(post=f"岗{serial}"), actor=operator(), since=DAY)

    with CaptureQueriesContext(connection) as many:
        lin.get(address)
    assert len(many) <= len(few), [query["sql"][:120] for query in many.captured_queries]


# figures ------------------------------------------------------------------------------------------------------------

def test_who_came_and_who_left_are_counted_on_their_days_and_a_change_is_neither(town: Town) -> None:
    team = Unit.objects.get(enterprise=town.firms[FIRM], kind="team")
    hire(team, Who(name="新来", id_number=an_id(77)), Work(), actor=operator(), since=DAY)
    leave(town.people["褚亮"], actor=operator(), on=DAY)
    change_person(town.people["孙丽"], Changes(status="on_leave"), actor=operator(), since=DAY)
    move(town.people["吴强"], town.firms[OTHER], actor=operator(), since=DAY)

    def counted(key: str, day: int, reach: tuple[str, ...] = ("",)) -> tuple[int, int]:
        scope = scope_of(town.park, date(2022, 7, day), date(2022, 7, day), reach=reach)
        return BY_KEY[key].count(scope), len(list(BY_KEY[key].rows(scope)))

    assert [counted("registry.hired", day) for day in (1, 21, 22, 23)] == [(8, 8), (0, 0), (1, 1), (0, 0)]
    assert [counted("registry.left", day) for day in (21, 22, 23)] == [(0, 0), (1, 1), (0, 0)]
    here = (town.firms[FIRM].path,)
    assert (counted("registry.hired", 22, here), counted("registry.left", 22, here)) == ((1, 1), (1, 1))


# programs -----------------------------------------------------------------------------------------------------------

@pytest.fixture
def post(town: Town, client: Client) -> Callable[..., Any]:
    """A program of fang's."""
    text = create_token(town.users["fang"], name="t", park=town.park, actor=operator())

    def send(path: str, body: dict[str, Any], method: str = "post") -> Any:
        return getattr(client, method)(f"/api/v1/registry/people{path}", body, content_type="application/json",
                                       headers={"Authorization": f"Bearer {text}"})
    return send


def test_a_program_adds_changes_moves_and_ends_as_a_page_does(town: Town, post: Callable[..., Any]) -> None:
    team = Unit.objects.get(enterprise=town.firms[FIRM], kind="team")
    body = {"unit": str(town.firms[FIRM].uid), "since": "2022-07-22", "name": "新来", "id_number": an_id(77), "bus": "1号线"}

    made, again = post("", body), post("", body)
    uid = made.json()["uid"]
    assert (made.status_code, again.json()["uid"], made.json()["since"]) == (200, uid, "2022-07-22")
    assert an_id(77) not in made.content.decode()
    changed = post(f"/{uid}", {"since": "2022-07-23", "status": "on_leave"}, "patch").json()
    assert (changed["status"], changed["since"]) == ("on_leave", "2022-07-23")
    assert post(f"/{uid}/move", {"unit": str(team.uid), "since": "2022-07-24"}).json()["unit"] == team.name
    assert post(f"/{uid}/leave", {"on": "2022-07-25"}).json()["status"] == ""
    wrong = post("", body | {"id_number": "123"})
    assert (wrong.status_code, wrong.json()["refused"], wrong.json()["field"]) == (422, "registry.entry_wrong", "id_number")
    assert post("", body | {"unit": str(town.firms[OTHER].uid)}).status_code == 404
    assert post(f"/{town.people['褚亮'].uid}/leave", {"on": "2022-07-25"}).status_code == 404
    assert post(f"/{uid}", {"since": "2022-07-23", "status": "asleep"}, "patch").status_code == 422
