"""Every list asks as many questions for a park of twenty-one of everything as for a park of three."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jiugong.accounts.actions import create_user, grant
from jiugong.accounts.roles import AccountRole
from jiugong.briefs.actions import publish
from jiugong.briefs.models import Brief
from jiugong.duties.actions import excuse, record
from jiugong.journal.actions import Draft, write_messages
from jiugong.journal.actions.channels import open_channel
from jiugong.journal.actions.notices import Words, send_notice
from jiugong.journal.logic.reach import Reach
from jiugong.journal.models import Delivery, MessageKind, Notice
from jiugong.lib import secrets
from jiugong.lib.acting import operator
from jiugong.registry.actions.badges import issue_badges
from jiugong.registry.actions.rosters import import_roster, read_roster_file
from jiugong.registry.models import Person, Unit
from jiugong.rulebook.actions import adopt
from jiugong.rulebook.actions.deciding import grade, zone
from jiugong.rulebook.actions.plans import draft_plan
from jiugong.rulebook.actions.supplements import supplement
from jiugong.rulebook.words import AreaLevel, Regime, Risk
from jiugong.screening.actions.boxes import Put, open_box, put_tubes, seal_box
from jiugong.screening.actions.custody import hand_over
from jiugong.screening.actions.laboratories import Terms, contract, keep_laboratory
from jiugong.screening.actions.points import set_up_point
from jiugong.screening.actions.results import Report, report
from jiugong.screening.actions.retests import record_retest
from jiugong.screening.actions.rounds import open_round
from jiugong.screening.actions.scans import Scan, bind
from jiugong.screening.actions.tube_sheets import run_sheets
from jiugong.screening.models import Box, Point
from jiugong.screening.words import PointKind
from jiugong.tracing.actions.contacts import add_contact
from jiugong.tracing.actions.flagged import import_flagged, read_flagged_file
from jiugong.tracing.actions.numbering import next_number
from jiugong.tracing.actions.pseudonyms import numbered, pseudonym_of
from jiugong.tracing.actions.risk_areas import import_risk_areas, read_risk_area_file
from jiugong.tracing.actions.stays import tell_stay
from jiugong.tracing.models import Case, Order, Pseudonym
from jiugong.tracing.words import ContactClass
from tests.cast import DAY, MORNING, Firm, Town, a_roster, an_id
from tests.groundwork import Groundwork

# The ORM asks the same questions of either store, so that they are counted once.
pytestmark = [pytest.mark.pure, pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("this_morning")]

FEW, MANY = 3, 21
GATEWAY = "https://qyapi.weixin.qq.com"
ONE_MORE = 1                                                      # where a list is cut, what is left out is counted
LISTS: tuple[tuple[str, dict[str, Any], str], ...] = (
    *((name, {}, "") for name in (
        "closed-days", "today", "wall", "names", "things",
        "filings", "published-briefs", "score", "duties", "evidence", "checks", "excuses",
        "remote", "returnees", "journal", "messages", "look-ups", "people", "units", "map", "map-geojson", "badges", "bodies",
        "charges", "imports", "choose-units", "choose-things", "rules", "packs", "supplements", "plans", "gradings", "zonings",
        "tiers", "tier-names", "rounds", "points", "points-advice", "team-entries", "accounts",
        "shifts", "access-review", "brief", "meeting", "round-open",
        "no-grid", "data-kept", "data-ending", "objections", "incidents")),
    *((name, {"number": 1}, "") for name in ("incident-papers", "incident-pictures")),
    ("incident-export", {"number": 1, "which": "pairs", "form": "csv"}, ""),
    ("incident-report", {"number": 1, "kind": "final", "form": "docx"}, ""),
    *((name, {}, "") for name in ("presence-import", "venues", "doubts", "contact-grounds")),
    *((name, {}, "") for name in ("notices", "notice-new", "channels", "deliveries")),
    ("notice-reach", {"uid": "notice"}, ""), ("notices", {}, "state=overdue"), ("deliveries", {}, "stage=dead"),
    ("today", {}, "of=duty:health_report"), ("today", {}, "of=duty:disinfection_of_places"), ("today", {}, "view=table"),
    ("names", {}, "of=duty:health_report&show=owed"), ("things", {}, "of=duty:disinfection_of_places"),
    ("grid", {"grid": "grid"}, ""), ("unit", {"unit": "firm"}, ""), ("unit-page", {"unit": "firm"}, ""),
    ("score-of", {"unit": "firm"}, ""), ("team-entry", {"team": "team"}, ""), ("round", {"number": 1}, ""),
    ("points-advice", {}, "round=1"), ("round-figures", {"number": 1}, ""), ("tube", {"code": "SY0001"}, ""),
    ("person", {"person": "wu"}, ""),
    ("tube-sheets", {}, ""), ("paper-entry", {}, ""),
    ("flagged", {}, ""), ("flagged", {}, "state=open&q=1"), ("risk-areas", {}, ""), ("returning", {}, ""),
    ("returning", {}, "state=decide&q=甲"), ("quiet", {}, ""), ("quiet-arrivals", {}, "day=2022-07-01"),
    ("conflicts", {}, ""), ("conflicts", {}, "state=settled"), ("conflicts", {}, "q=SY"),
    ("conflicts", {}, "state=settled&q=SY"), ("boxes", {}, ""), ("boxes", {}, "q=X&differs=yes"),
    ("box", {"box": "box"}, ""),
    ("orders", {}, ""), ("orders", {}, "state=all&q=工"), ("incident", {"number": 1}, ""), ("incident-wall", {"number": 1}, ""),
    ("contacts", {"number": 1}, ""), ("contacts", {"number": 1}, "ground=manual&q=工"), ("tube-retests", {"code": "FN0000"}, ""),
    ("duty", {"key": "health_report"}, ""), ("duty", {"key": "disinfection_of_places"}, "show=owed"),
    ("record-evidence", {"kind": "health_report"}, ""), ("adopting", {}, f"release=cn-2022-20&from_day={DAY}"),
    ("people", {}, "q=工"), ("evidence", {}, "kind=health_report"), ("choose-people", {}, "q=工"),
    *(("figure", {"key": key}, "") for key in (
        "registry.people", "registry.unanswered", "registry.task_groups", "registry.prevention_officers", "screening.missing",
        "screening.points", "screening.boxes", "screening.conflicts", "screening.boxes_late", "screening.boxes_differing",
        "closing.days_closed", "closing.missed", "closing.late",
        "screening.flagged_scans", "screening.self_sampled", "screening.from_paper",
        "screening.person_tests", "screening.tubes", "duties.missing", "duties.enterprises_red",
        "duties.disinfections_unchecked", "duties.remote", "duties.returnees", "rulebook.plans", "rulebook.key_enterprises",
        "rulebook.supplements", "briefs.filings_missing", "journal.notices", "journal.notices_written", "journal.notices_open",
        "tracing.to_verify", "tracing.flagged", "tracing.flagged_late", "tracing.returnees_unchecked")))


@pytest.mark.parametrize("reader", ["lin", "tao", "fang"])
def test_a_list_asks_no_more_for_twenty_one_than_for_three(groundwork: Groundwork, town: Town, reader: str) -> None:
    groundwork.lay(_a_park_of_few, town)
    few = _questions(town, reader, most={})
    groundwork.lay(_a_park_of_many, town)
    many = _questions(town, reader, most=few)

    assert few.keys() == many.keys()
    assert len(few) >= len(LISTS) // 2                            # whoever sees no lists would ask nothing
    grown = {address: (asked, many[address]) for address, asked in few.items() if many[address] > asked + ONE_MORE}
    assert grown == {}


def _questions(town: Town, reader: str, *, most: dict[str, int]) -> dict[str, int]:
    """How many questions each list costs that opens to the reader; what was remembered by a first look is not counted.

    So a list is looked at twice, unless its first look costs no more than `most`, what a second look costs. Afterwards the park
    is as before, so that the next reader finds the same.
    """
    with transaction.atomic():
        client = Client()
        client.force_login(town.users[reader])
        asked = _asked(client, town, most)
        transaction.set_rollback(True)
    return asked


def _asked(client: Client, town: Town, most: dict[str, int]) -> dict[str, int]:
    firm = town.firms["东风木业有限公司"]
    box = Box.objects.filter(park=town.park).order_by("pk").first()
    notice = Notice.objects.filter(park=town.park).order_by("pk").first()
    known = {"notice": notice.uid if notice else firm.uid, "box": box.pk if box else 0,
             "grid": town.grids["第1网格"].pk, "firm": firm.uid, "wu": town.people["吴强"].uid,
             "team": Unit.objects.get(enterprise=firm, kind="team", name="木工1班").uid}
    asked = {}
    for name, at, query in LISTS:
        address = reverse(name, kwargs={"park": town.park.uid, **{key: known.get(str(one), one) for key, one in at.items()}})
        address += f"?{query}" if query else ""
        title = f"{name} {query or ''.join(map(str, at.values()))}"
        costs, opens = _costs(client, address)
        if opens and costs > most.get(title, -1) + ONE_MORE:
            costs, opens = _costs(client, address)
        if opens:
            asked[title] = costs
    return asked


def _costs(client: Client, address: str) -> tuple[int, bool]:
    with CaptureQueriesContext(connection) as questions:
        opens = client.get(address).status_code == 200
    return len(questions), opens


def _a_park_of_few(town: Town) -> None:
    adopt(town.park, "cn-2022-v9", from_day=date(2022, 7, 1), actor=operator())
    open_channel(town.park, "sms", name="短信", kinds=("policy", "notice"), actor=operator(), settings={
        "url": f"{GATEWAY}/send?to={{phone}}", "success_value": "ok"})
    _grow(town, 0, FEW)


def _a_park_of_many(town: Town) -> None:
    _grow(town, FEW, MANY)


def _grow(town: Town, start: int, end: int) -> None:
    """Everything that a list can hold, from one number to another: a park as it grows."""
    park, actor, numbers = town.park, operator(), range(start, end)
    firms = [Firm(f"企业{at}", "第1网格", [f"工人{at}"], 100 + at) for at in numbers]
    charges = [charge for at in numbers for charge in (
        (f"专员{at}", "防疫专员", f"企业{at}", ""), (f"组长{at}", "小组长", park.name, f"专班{at}"))]
    colleagues = [Firm("东风木业有限公司", "第1网格", ["吴强", "孙丽", "郑伟", *(f"工友{at}" for at in range(end))], 1)]
    for base, some, who in ((0, colleagues, []), (200 + start, firms, charges)):
        workbook = a_roster(park.name, some, who, base=base)
        file = read_roster_file(workbook, name="r.xlsx", park=park, park_name=park.name, mapping={})
        import_roster(park, file, actor=actor, at=date(2022, 7, 1))
    firm = town.firms["东风木业有限公司"]
    people = {each.name: each for each in Person.objects.filter(park=park)}
    units = {each.name: each for each in Unit.objects.filter(park=park, kind="enterprise")}
    grid = town.grids["第1网格"]
    for at in numbers:
        person, mate, unit = people[f"工人{at}"], people[f"工友{at}"], units[f"企业{at}"]
        earlier = MORNING - timedelta(minutes=at)
        for subject, kind, data in (
                (person, "health_report", {"temperature": 36.5, "symptoms": []}),
                (mate, "health_report", {"temperature": 38.0, "symptoms": ["fever"]}),
                (grid, "disinfection", {"agent": "chlorine", "concentration": 500, "contact_minutes": 30, "way": "wipe",
                                        "operator": "保洁", "what": "电梯"}),
                (unit, "returnee_list", {"returnees": []}), (firm, "returnee_list", {"returnees": []})):
            record(park, subject, kind=kind, data=data, happened_at=earlier, client_id=f"{kind}-{subject.pk}-{at}", actor=actor)
        for subject, duty in ((person, ""), (mate, "on_site"), (unit, "")):
            excuse(park, subject, duty=duty, reason="出差", since_at=MORNING - timedelta(days=1), actor=actor,
                   until_at=MORNING + timedelta(hours=at + 1))
        write_messages(park, [Draft(once=f"flat-{user}-{at}", kind=MessageKind.NOTICE, about="round:1", facts={},
                                    to_user=town.users[user]) for user in ("lin", "tao", "fang")], actor=actor)
        grade(unit, Risk.KEY, reason="涉外", actor=actor)
        draft_plan(unit, regime=Regime.OPEN, sections={"stock": "十四天"}, actor=actor)
        zone(unit.site or grid, list(AreaLevel)[at % 6], title="通告", issuer="区指挥部", published="2022-07-20", actor=actor)
        _supplement(town, at)
        _told(town, at)
        point = set_up_point(park, f"流动{at}", kind=PointKind.ENTERPRISE, unit=unit, actor=actor)
        contract(keep_laboratory(park, f"检测{at}", actor=actor), Terms(hours=1, since=date(2022, 7, 1)), point=point, actor=actor)
        before = MORNING - timedelta(days=3, hours=at)
        open_round(park, opens_at=before, closes_at=before + timedelta(hours=1), pool_size=10, unit=unit, actor=actor)
        bind(park, [Scan(scan_id=f"flat-{at}", round=1, tube=f"FL{at:04}", point="第1网格采样点", id_number=an_id(201 + at),
                         position=1, sampled_at=earlier),
                    Scan(scan_id=f"again-{at}", round=1, tube=f"FN{at:04}", point="第1网格采样点", id_number=an_id(201 + at),
                         sampled_at=earlier)], actor=actor)
        _boxes(town, at)
        _at_risk(town, at, person, mate)
        _an_incident(town, at, people)
        _brief(town, at)
        grant(create_user(f"user{at}", name=f"用户{at}", park=park, actor=actor), AccountRole.PREVENTION_OFFICER, park=park,
              unit=unit, actor=actor)
    issue_badges(park, [people[f"工友{at}"] for at in numbers], actor=actor)


def _an_incident(town: Town, at: int, people: dict[str, Person]) -> None:
    """An incident more; and in the first of all a contact more, with an order over him."""
    report(town.park, Report(tube=f"FN{at:04}", value="positive", reported_at=MORNING), actor=operator())
    if at == 0:
        record_retest(town.park, tube="FN0000", person=people["工人0"], value="positive", at=MORNING, actor=operator())
    case = Case.objects.filter(incident__park=town.park).earliest("pk")
    add_contact(case, pseudonym_of(people[f"工友{at}"]), contact_class=ContactClass.CLOSE_CONTACT, reason="同住", actor=operator(),
                since=MORNING - timedelta(hours=1), until=MORNING)


def _brief(town: Town, at: int) -> None:
    """The first one is published; to make its figures 21 times would be half of the time of this page."""
    day = DAY - timedelta(days=at)
    if not at:
        publish(town.park, first=day, last=day, language="en", client_id="flat-0", actor=operator())
        return
    one = Brief.objects.get(park=town.park, client_id="flat-0")
    one.pk, one.uid, one.client_id, one.number, one.first, one.last = None, uuid4(), f"flat-{at}", one.number + at, day, day
    one.save(force_insert=True)


def _told(town: Town, at: int) -> None:
    """A notice that is due to one more worker, one more worker of the first one, and a channel."""
    park, actor = town.park, operator()
    words = Words(kind="policy", title_zh=f"通知{at}", text_zh="正文", deadline_at=MORNING + timedelta(minutes=1))
    notice = send_notice(park, words, Reach(units=(str(town.firms["东风木业有限公司"].uid),)), client_id=f"flat-{at}",
                         keeper=town.users["lin"], actor=actor)
    Notice.objects.filter(pk=notice.pk).update(deadline_at=MORNING - timedelta(minutes=at + 1))
    Delivery.objects.filter(message__notice=notice).update(stage="dead", reason="refused")
    open_channel(park, "wecom", name=f"群{at}", kinds=(), settings={"url": f"{GATEWAY}/x"}, actor=actor)


def _boxes(town: Town, at: int) -> None:
    """A box of its own, handed over with a count that differs; and one tube more in the first box of all."""
    park, actor, point = town.park, operator(), Point.objects.get(park=town.park, name="第1网格采样点")
    if town.round:
        run_sheets(town.round, point, sheets=1, run_id=f"run-{at}", actor=actor)
    first = open_box(park, "X0", point=point, client_id="X0", actor=actor)
    box = open_box(park, f"X1{at}", point=point, client_id=f"X1{at}", actor=actor)
    put_tubes(park, [Put(put_id=f"a{at}", box=first.code, tube=f"FL{at:04}"), Put(put_id=f"b{at}", box=box.code, tube=f"FM{at}")],
              actor=actor)
    hand_over(seal_box(box, actor=actor), leg_id=f"X{at}", gave=2, actor=actor)


def _at_risk(town: Town, at: int, *people: Person) -> None:
    """An area at risk, and two people whom another place flagged."""
    lines = "\n".join(f"{each.name},{each.open_id_number(secrets.ring())},,甲市,2022-07-22 07:30:0{at % 10},旅居史{at},2022-07-20"
                      for each in people)
    heading = "姓名,身份证号,手机号,推送单位,推送时间,风险原因,离开日期"
    flagged = read_flagged_file(f"{heading}\n{lines}".encode(), name="f.csv", park=town.park)
    import_flagged(town.park, flagged, actor=operator())
    for each in people:
        tell_stay(each, area=f"甲市{at}区某路", first_day=DAY, last_day=DAY, client_id=f"flat-{each.pk}", actor=operator())
    areas = read_risk_area_file(f"地区,风险等级,开始日期\n甲市{at}区,高风险,2022-07-18".encode(), name="a.csv")
    import_risk_areas(areas, day=DAY, actor=operator())
    numbered(town.park)
    Order.objects.create(
        park=town.park, number=next_number(town.park), who=Pseudonym.objects.get(person=people[0]), kind="quiet_period",
        stage="ordered", rule="x", reason="x", phases=[{"first_day": "2022-07-20", "last_day": "2022-07-24"}], since=MORNING,
        proposed_at=MORNING, until=MORNING + timedelta(days=2), proposed_by="x", proposed_by_name="x", seen_by="y",
        ordered_at=MORNING, ordered_by="z")


def _supplement(town: Town, at: int) -> None:
    """A local limit. A local duty would be a question of its own on every board, not a row."""
    supplement(town.park, f"limits.local_{at}", actor=operator(), since=DAY, title="通知", issuer="区指挥部", published="2022-07",
               value="4", rule={"kind": "parameter", "title": {"zh-hans": "时限", "en": "Limit"}, "reviewed_on": "2022-07-22",
                                "holds": "whole_number"})
