"""More of what somebody tries who means harm: the people's side. Each is refused, and nothing changes.

Long because one page shows what was tried.
"""

import json
from collections.abc import Callable
from datetime import date, time
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import IntegrityError, connections
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from jiugong.accounts.models import User
from jiugong.briefs.actions import Entered, choose_figures, file_figures
from jiugong.briefs.models import Brief
from jiugong.duties.models import Evidence, Excuse
from jiugong.http import RefusalsSpeak
from jiugong.journal.actions import Draft, write_messages
from jiugong.journal.models import MessageKind
from jiugong.lib import clock
from jiugong.lib.acting import operator
from jiugong.registry.actions.badges import issue_badges, issue_link
from jiugong.registry.models import Badge, Body, Charge, Person, Posting
from jiugong.registry.queries.badges import address_of
from jiugong.registry.words import BodyKind, Role
from jiugong.rulebook.actions import adopt
from jiugong.rulebook.models import Adoption, EnterprisePlan, Grading, Supplement, Zoning
from jiugong.screening.actions.point_files import import_points, read_point_file
from jiugong.screening.actions.results import Report, report
from jiugong.screening.actions.scans import Scan, bind
from jiugong.screening.actions.undoing import undo_scan
from jiugong.screening.models import Point, Result, Round, Specimen
from jiugong.standing.logic import Holding
from jiugong.standing.queries import standing_of
from tests.cast import DAY, MORNING, Town, an_id
from tests.skips import only_where_two_write


def _signed_in(user: User, **how: Any) -> Client:
    client = Client(**how)
    client.force_login(user)
    return client


def _page(town: Town, name: str, **at: Any) -> str:
    return reverse(name, kwargs={"park": town.park.uid, **at})


# leaks between roles ------------------------------------------------------------------------------------------------

def test_a_grid_leader_reads_in_no_figure_what_other_bodies_filed(town: Town, this_morning: Any) -> None:
    """The page of filings shows him the bodies of his grids; the figures about filings open to no more than that."""
    theirs = Body.objects.create(park=town.park, kind=BodyKind.INSPECTION_TEAM, name="第2网格检查组", key="第2网格检查组")
    Charge.objects.create(park=town.park, person=town.people["柏青"], role=Role.GRID_LEADER, body=theirs,
                          place=town.grids["第2网格"])
    choose_figures(town.park, theirs, keys=("registry.on_duty",), due=time(18, 0), actor=operator())
    file_figures(town.park, theirs, DAY, figures={"registry.on_duty": Entered(value=99, why="有人外出未报")},
                 client_id="theirs", actor=operator())

    for key in ("briefs.filings", "briefs.filings_missing", "briefs.filings_differing"):
        for who, sees in (("tao", False), ("bo", True), ("lin", True)):
            opened = _signed_in(town.users[who]).get(_page(town, "figure", key=key), {"from": "2022-07-22", "to": "2022-07-22"})
            asked = {"park": str(town.park.uid), "first": "2022-07-22", "last": "2022-07-22"}
            rows = _signed_in(town.users[who]).get(f"/api/v1/briefs/figures/{key}/rows", asked).json()
            told = opened.content.decode() + json.dumps(rows, ensure_ascii=False)
            assert opened.status_code == 200
            assert len(rows["rows"]) == rows["value"] == opened.context["value"]
            if key != "briefs.filings_missing":
                assert ("第2网格检查组" in told) is sees, (who, key)
            assert ("信息采集组" in told) is (who == "lin" and key == "briefs.filings_missing"), (who, key)


def test_who_opens_a_leaders_page_is_not_told_the_names_below_him(town: Town, this_morning: Any) -> None:
    """Bo leads grid 2 and is on the roster of Fang's enterprise: she sees him, and nobody of grid 2."""
    bo, firm = town.people["柏青"], town.firms["东风木业有限公司"]
    Posting.objects.create(park=town.park, person=bo, unit=firm, enterprise=firm, status="on_duty", since=date(2022, 7, 1))
    write_messages(town.park, [Draft(once="x", kind=MessageKind.REMINDER, about="round:1", to_person=bo, step=1, facts={
        "count": 4, "names": ["褚亮", "卫红", "蒋明"], "people": []})], actor=operator())
    fang = _signed_in(town.users["fang"])

    for address in (_page(town, "person", person=bo.uid), _page(town, "person", person=bo.uid) + "?of=messages"):
        told = fang.get(address).content.decode()
        assert "4" in told and "柏青" in told
        assert not [name for name in ("褚亮", "卫红", "蒋明") if name in told]


# a worker's own page ------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("kind", "data"), [
    ("training", {"course": "防疫专员培训", "held_on": "2022-07-01"}),
    ("vaccination", {"dose": 3, "product": "灭活疫苗", "on": "2022-07-01"}),
    ("drill", {"title": "演练", "class": "full", "level": "team", "held_on": "2022-07-01", "participants": 1}),
    ("returnee_list", {"returnees": []}), ("specimen", {}), ("", {})])
def test_nobody_trains_or_vaccinates_himself_on_his_own_page(kind: str, data: dict[str, Any], town: Town,
                                                             this_morning: Any) -> None:
    link = issue_link(town.people["吴强"], days=7, actor=operator())

    answer = Client().post(f"/api/v1/me/{address_of(link)}/evidence", {"client_id": "x", "kind": kind, "data": data},
                           content_type="application/json")

    assert answer.status_code == 422
    assert answer.json()["refused"] == "standing.not_ones_own"
    assert not Evidence.objects.exists()


def test_a_result_is_not_told_to_who_was_not_in_the_tube_after_all(town: Town, this_morning: Any) -> None:
    """Wei was scanned into a tube by mistake and taken out again; the tube's positive result is none of his."""
    wei = town.people["郑伟"]
    bind(town.park, [Scan(scan_id="slip", round=1, tube="SY0001", point="", id_number=an_id(3))], actor=operator())
    undo_scan(town.park, "slip", undo_id="back", reason="扫错人", actor=operator())
    report(town.park, Report(tube="SY0001", value="positive", reported_at=MORNING), actor=operator())
    link = issue_link(wei, days=7, actor=operator())

    assert not [each for each in standing_of(wei, MORNING) if each.what in (Holding.LAST_RESULT, Holding.RETEST)]
    assert [each for each in standing_of(town.people["吴强"], MORNING) if each.what is Holding.LAST_RESULT]
    for address in (_page(town, "person", person=wei.uid), _page(town, "person", person=wei.uid) + "?of=results"):
        assert "SY0001" not in _signed_in(town.users["lin"]).get(address).content.decode()
    assert "SY0001" not in Client().get(f"/me/{address_of(link)}").content.decode()
    assert Client().get(f"/api/v1/me/{address_of(link)}").json()["results"] == []


# numbers that are no numbers ----------------------------------------------------------------------------------------

def test_a_part_or_an_enterprise_of_five_thousand_digits_is_answered(town: Town, this_morning: Any) -> None:
    client = _signed_in(town.users["lin"], raise_request_exception=False)
    adopt(town.park, "cn-2022-v9", from_day=date(2022, 7, 1), actor=operator())
    firm = town.firms["东风木业有限公司"]

    assert client.post(_page(town, "badge-sheets"), {"unit": str(firm.uid), "part": "9" * 5000}).status_code < 500
    asked = {"release": "cn-2022-20", "from_day": "2022-11-12", "duty": "duties.health_report", "how": "new"}
    assert client.get(_page(town, "adopting-names"), {**asked, "enterprise": "9" * 5000}).status_code < 500


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("between", [",", "\t"])
def test_a_list_is_read_in_whatever_excel_wrote_it(encoding: str, between: str, town: Town, this_morning: Any) -> None:
    text = "采样点,类型,企业\n一号点,公共,\n二号点,企业,=cmd|' /C calc'!A0\n".replace(",", between).encode(encoding)

    records = read_point_file(text, name="points.csv", park=town.park)
    taken = import_points(town.park, records, actor=operator())

    assert taken.created["points"] == 1 and taken.refused == 1
    assert Point.objects.get(name="一号点").kind == "public"


# an antigen test of days to come ------------------------------------------------------------------------------------

@pytest.mark.parametrize(("started", "read", "code"), [
    ("2022-07-22T08:25:00+08:00", "2022-07-22T08:42:00+08:00", ""),
    ("2022-07-22T08:40:00+08:00", "2022-07-22T08:57:00+08:00", "duties.evidence_from_the_future"),
    ("2099-01-01T00:00:00+08:00", "2099-01-01T00:16:00+08:00", "duties.evidence_from_the_future"),
    ("9999-12-31T23:40:00-23:59", "9999-12-31T23:56:00-23:59", "duties.evidence_misshapen")])
def test_an_antigen_test_that_will_be_read_some_day_is_not_done(started: str, read: str, code: str, town: Town,
                                                                this_morning: Any) -> None:
    sent = {"park": str(town.park.uid), "evidence": [{
        "client_id": "x", "kind": "antigen", "person": str(town.people["郑伟"].uid),
        "data": {"result": "negative", "started_at": started, "read_at": read}}]}

    answer = _signed_in(town.users["fang"]).post("/api/v1/duties/evidence", sent, content_type="application/json").json()

    assert answer["answers"][0]["code"] == code
    assert Evidence.objects.exists() is not bool(code)


# the same at one moment ---------------------------------------------------------------------------------------------

AT_ONCE = 4
CITED = {"title": "通知", "issuer": "区指挥部", "published": "2022-07-20"}
A_DUTY = {"kind": "duty", "title": {"zh-hans": "测温", "en": "Temperature"}, "reviewed_on": "2022-07-22", "subject": "person",
          "evidence": "temperature"}
ONE_MOMENT: dict[str, tuple[dict[str, Any], type[Model], int]] = {
    "put /rulebook/plans/{firm}/draft": ({"regime": "closed_loop", "sections": {"stock": "两周"}}, EnterprisePlan, 1),
    "post /rulebook/gradings": ({"enterprise": "{firm}", "risk": "key", "reason": "涉外"}, Grading, 1),
    "post /rulebook/zonings": ({"place": "{grid}", "level": "high", **CITED}, Zoning, 1),
    "post /rulebook/supplements": ({"key": "duties.local_t", "rule": A_DUTY, "since": "2022-07-22", "value": {
        "who": [], "cadence": {"kind": "once"}}, **CITED}, Supplement, 1),
    "post /briefs/briefs": ({"first": "2022-07-22", "last": "2022-07-22", "client_id": "same"}, Brief, 1),
    "post /duties/excuses": ({"person": "{wei}", "reason": "leave", "since_at": "2022-07-22T00:00",
                                        "until_at": "2022-07-23T00:00"}, Excuse, 1),
    "post /duties/remote": ({"people": ["{wei}"], "reason": "home", "since": "2022-07-22", "until": "2022-07-23"},
                            Excuse, 1),
    "post /duties/evidence": ({"evidence": [{"client_id": "once", "kind": "temperature", "person": "{wei}",
                                                         "data": {"temperature": 36.5}}]}, Evidence, 1),
    "post /screening/points": ({"name": "流动采样队", "kind": "door_to_door"}, Point, 1),
    "post /screening/rounds": ({"opens_at": "2022-07-23T06:30", "closes_at": "2022-07-23T10:30", "pool_size": 10}, Round, 1),
    "post /screening/results": ({"results": [{"tube": "SY0001", "value": "positive",
                                                        "reported_at": "2022-07-22T08:40:00+08:00"}]}, Result, 1),
    "post /screening/scans": ({"scans": [{"scan_id": "once", "round": 1, "tube": "NEW1", "point": "新点",
                                                  "person": "{wei}"}]}, Specimen, 1),
    "post /screening/tubes/SY0001/seal": ({}, Result, 0),
    "post /registry/people": ({"unit": "{firm}", "since": "2022-07-22", "name": "甲某", "id_number": an_id(77)}, Person, 1),
    "post /registry/badges": ({"people": ["{wei}", "{wu}"]}, Badge, 2),
}


def _at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """What becomes of calls that arrive at one moment, each on a thread and a connection of its own."""
    gate, answers = Barrier(len(calls)), list[Any]([None] * len(calls))

    def run(at: int) -> None:
        try:
            with clock.standing_at(MORNING):
                gate.wait()
                answers[at] = calls[at]()
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(at,)) for at in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _named(body: Any, things: dict[str, Any]) -> Any:
    if isinstance(body, dict):
        return {key: _named(value, things) for key, value in body.items()}
    if isinstance(body, list):
        return [_named(each, things) for each in body]
    return things.get(body, body) if isinstance(body, str) else body


def _several(town: Town, who: str = "lin") -> list[Client]:
    return [_signed_in(town.users[who], raise_request_exception=False) for _each in range(AT_ONCE)]


@only_where_two_write
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("operation", ONE_MOMENT)
def test_what_is_sent_four_times_at_one_moment_is_done_once(operation: str, town: Town) -> None:
    method, path = operation.split()
    body, model, made = ONE_MOMENT[operation]
    things = {"{firm}": str(town.firms["东风木业有限公司"].uid), "{grid}": town.grids["第1网格"].pk,
              "{wei}": str(town.people["郑伟"].uid), "{wu}": str(town.people["吴强"].uid)}
    for name, value in things.items():
        path = path.replace(name, str(value))
    before, park = model._default_manager.count(), str(town.park.uid)
    sent = {"park": park, **_named(body, things)}

    answers = _at_once([lambda client=client: getattr(client, method)(  # type: ignore[misc]
        f"/api/v1{path}?park={park}", sent, content_type="application/json") for client in _several(town)])

    assert [answer.status_code for answer in answers] == [200] * AT_ONCE, [answer.content for answer in answers]
    assert "refused" not in str([answer.json().get("answers", []) for answer in answers])
    assert model._default_manager.count() - before == made


@only_where_two_write
@pytest.mark.django_db(transaction=True)
def test_a_release_adopted_four_times_at_one_moment_is_adopted_once(town: Town) -> None:
    sent = {"release": "cn-2022-v9", "from_day": "2022-07-22"}

    answers = _at_once([lambda client=client: client.post(_page(town, "adopting"), sent)        # type: ignore[misc]
                        for client in _several(town)])

    assert [answer.status_code for answer in answers] == [302] * AT_ONCE
    assert Adoption.objects.count() == 1


@only_where_two_write
@pytest.mark.django_db(transaction=True)
def test_badges_of_the_same_people_in_another_order_do_not_lock_each_other_out(town: Town) -> None:
    """Each look at a person holds him for a moment, so whoever holds people must let looks at them be written."""
    people, park = [str(each.uid) for each in town.people.values()], str(town.park.uid)

    for _time in range(5):
        Badge.objects.all().delete()
        answers = _at_once([lambda client=client, at=at: client.post(                        # type: ignore[misc]
            f"/api/v1/registry/badges?park={park}", {"park": park, "people": people[at:] + people[:at]},
            content_type="application/json") for at, client in enumerate(_several(town))])
        assert [answer.status_code for answer in answers] == [200] * AT_ONCE
        assert Badge.objects.count() == len(people)


@pytest.mark.parametrize(("told", "status"), [
    ('duplicate key value violates unique constraint "x"', 409), ("UNIQUE constraint failed: x.y", 409),
    ('new row violates check constraint "z"', None)])
def test_what_two_write_at_one_moment_is_said_in_words_and_our_own_mistakes_are_not_hidden(told: str, status: int | None) -> None:
    speaks = RefusalsSpeak(lambda _request: HttpResponse())

    answer = speaks.process_exception(RequestFactory().post("/api/v1/x"), IntegrityError(told))

    assert (answer.status_code if answer else None) == status
    assert answer is None or json.loads(answer.content)["refused"] == "web.at_one_moment"


def test_a_lost_badge_that_is_reported_twice_is_replaced_once(town: Town, this_morning: Any) -> None:
    """The second click meets the new badge, which is in the printer by now and must go on holding."""
    wu = town.people["吴强"]
    lost = issue_badges(town.park, [wu], actor=operator())[0]
    lin, sent = _signed_in(town.users["lin"]), {"reason": "掉进河里", "badge": str(lost.pk)}
    assert f'name="badge" value="{lost.pk}"' in lin.get(_page(town, "person", person=wu.uid)).content.decode()

    for _time in range(2):
        assert lin.post(_page(town, "badge-reissue", person=wu.uid), sent).status_code == 302
        answer = lin.post(f"/api/v1/registry/people/{wu.uid}/badge", {"reason": "掉进河里", "number": lost.pk},
                          content_type="application/json").json()

    assert Badge.objects.filter(person=wu).count() == 2
    assert Badge.objects.get(person=wu, withdrawn_at=None).pk == answer["number"]
    assert lin.post(_page(town, "badge-reissue", person=wu.uid), {"reason": "x", "badge": "9" * 5000}).status_code == 302
