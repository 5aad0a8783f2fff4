"""The people of every test: one small park, another beside it, and who runs, leads, guards, scans and audits them.

*Lin* runs the park office; *Tao* leads grid 1; *Fang* is prevention officer of one enterprise in it and *Qin* leads a
team there; *Bo* leads grid 2; *Zhou* reads the board as a leader; *Shu* scans; *Yan* is the laboratory; *Kai* audits;
*Yi* carries boxes; *Wu* is a worker there and signs in nowhere. *Ines* runs **another** park and must never see anything
of this one.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter

from jiugong.accounts.actions import create_user, grant
from jiugong.accounts.models import User
from jiugong.accounts.roles import AccountRole
from jiugong.duties.actions import excuse
from jiugong.lib import clock
from jiugong.lib.acting import operator
from jiugong.lib.identifiers import credit_check_digit, id_check_digit
from jiugong.registry.actions.parks import create_park
from jiugong.registry.actions.rosters import import_roster, read_roster_file
from jiugong.registry.models import Park, Person, Place, Unit
from jiugong.rulebook.actions import adopt
from jiugong.screening.actions.rounds import open_round
from jiugong.screening.actions.scans import Scan, bind
from jiugong.screening.models import Round, Tube
from tests.groundwork import Groundwork

MORNING = datetime(2022, 7, 22, 0, 42, tzinfo=UTC)             # 08:42 in the park
DAY = date(2022, 7, 22)


def an_id(number: int) -> str:
    """An invented person's ID number: region 349901 does not exist."""
    first17 = f"349901{1960 + number % 40}0101{number % 1000:03}"
    return first17 + id_check_digit(first17)


def a_credit_code(number: int) -> str:
    first17 = f"91349901MA{number:07}"
    return first17 + credit_check_digit(first17)


def a_phone(number: int) -> str:
    return f"1990{number:07}"


@dataclass
class Firm:
    """An enterprise of a test roster, with its workers' names."""

    name: str
    grid: str
    workers: list[str]
    code: int


@dataclass
class Town:
    """A park with everything that tests ask for."""

    park: Park
    users: dict[str, User] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    firms: dict[str, Unit] = field(default_factory=dict)
    grids: dict[str, Place] = field(default_factory=dict)
    round: Round | None = None
    tube: Tube | None = None


def a_roster(park: str, firms: list[Firm], charges: list[tuple[str, str, str, str]], *, base: int = 0) -> bytes:
    """A workbook as parks keep it: title, headings, rows on three sheets. `charges` are (name, role, over, group)."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream)
    for title, heading, rows in (
            ("企业信息", ("序号", "企业名称", "统一社会信用代码", "所属网格", "厂区地址", "类型", "企业长", "企业长电话", "备注"),
             [(firm.name, a_credit_code(firm.code), firm.grid, "", "企业", "", "", "") for firm in firms]),
            ("人员台账", ("序号", "姓名", "身份证号", "手机号", "企业名称", "车间/部门", "班组", "班次", "岗位", "是否关键岗位",
                      "宿舍", "床位", "食堂餐桌", "通勤班车", "在岗状态", "到岗日期", "备注"),
             [(name, an_id(base + at), a_phone(base + at), firm.name, "木工车间", "木工1班", "白班", "操作工", "否",
               "宿舍001", str(at), "001", "", "在岗", "2022-07-01", "")
              for at, (firm, name) in enumerate(((firm, name) for firm in firms for name in firm.workers), start=1)]),
            ("责任人", ("序号", "姓名", "手机号", "角色", "负责对象", "专项小组"),
             [(name, a_phone(base + 900 + at), role, over, group)
              for at, (name, role, over, group) in enumerate(charges, start=1)])):
        sheet = book.add_worksheet(title)
        sheet.merge_range(0, 0, 0, len(heading) - 1, f"{park}{title}")
        sheet.write_row(1, 0, heading)
        for row, cells in enumerate(rows, start=2):
            sheet.write_row(row, 0, (row - 1, *cells))
    book.close()
    return stream.getvalue()


def _a_town(name: str, firms: list[Firm], charges: list[tuple[str, str, str, str]], *, base: int) -> Town:
    park = create_park(name, actor=operator())
    file = read_roster_file(a_roster(name, firms, charges, base=base), name="roster.xlsx", park=park, park_name=name,
                            mapping={})
    assert not file.errors, file.errors
    import_roster(park, file, actor=operator(), at=date(2022, 7, 1))
    town = Town(park)
    town.people = {person.name: person for person in Person.objects.filter(park=park)}
    town.firms = {unit.name: unit for unit in Unit.objects.filter(park=park, kind="enterprise")}
    town.grids = {place.name: place for place in Place.objects.filter(park=park, kind="grid")}
    return town


def _sign_up(town: Town, username: str, name: str, role: AccountRole, **over: Any) -> None:
    user = create_user(username, name=name, park=town.park, actor=operator(), password="correct horse 9 staple")
    grant(user, role, park=town.park, actor=operator(), **over)
    town.users[username] = user


@pytest.fixture
def town(groundwork: Groundwork) -> Town:
    """Lin's park on the morning of its first round: Wu and one other were sampled, the others not yet."""
    return groundwork.lay(_lins_park)


def _lins_park() -> Town:
    with clock.standing_at(datetime(2022, 7, 1, tzinfo=UTC)):
        made = _a_town("试验园区", [
            Firm("东风木业有限公司", "第1网格", ["吴强", "孙丽", "郑伟"], 1),
            Firm("南山家居有限公司", "第1网格", ["钱进", "冯雪"], 2),
            Firm("西河门窗有限公司", "第2网格", ["褚亮", "卫红", "蒋明"], 3)],
            [("林园", "园区长", "试验园区", ""), ("陶磊", "网格长", "第1网格", ""), ("柏青", "网格长", "第2网格", ""),
             ("方敏", "防疫专员", "东风木业有限公司", ""), ("舒航", "扫码专员", "东风木业有限公司", ""),
             ("周全", "小组长", "试验园区", "信息采集组")], base=0)
        _sign_up(made, "lin", "林园", AccountRole.DUTY_OFFICER)
        _sign_up(made, "tao", "陶磊", AccountRole.GRID_LEADER, place=made.grids["第1网格"])
        _sign_up(made, "bo", "柏青", AccountRole.GRID_LEADER, place=made.grids["第2网格"])
        _sign_up(made, "fang", "方敏", AccountRole.PREVENTION_OFFICER, unit=made.firms["东风木业有限公司"])
        team = Unit.objects.get(park=made.park, enterprise=made.firms["东风木业有限公司"], kind="team")
        _sign_up(made, "qin", "秦班长", AccountRole.TEAM_LEADER, unit=team)
        _sign_up(made, "zhou", "周全", AccountRole.LEADER)
        _sign_up(made, "shu", "舒航", AccountRole.SCANNER)
        _sign_up(made, "yan", "颜化", AccountRole.LABORATORY)
        _sign_up(made, "kai", "凯查", AccountRole.AUDITOR)
        _sign_up(made, "yi", "易驿", AccountRole.COURIER)
    with clock.standing_at(MORNING):
        made.round = open_round(made.park, opens_at=datetime(2022, 7, 21, 22, 30, tzinfo=UTC), pool_size=10,
                                closes_at=datetime(2022, 7, 22, 2, 30, tzinfo=UTC), actor=operator())
        bind(made.park, [
            Scan(scan_id=f"cast-{at}", round=1, tube="SY0001", point="第1网格采样点", id_number=an_id(at), position=at,
                 sampled_at=MORNING) for at in (1, 2)], actor=operator())
        made.tube = Tube.objects.get(park=made.park, code="SY0001")
    return made


@pytest.fixture
def other_town(groundwork: Groundwork) -> Town:
    """Ines's park: another park in the same home."""
    return groundwork.lay(_iness_park)


def _iness_park() -> Town:
    with clock.standing_at(datetime(2022, 7, 1, tzinfo=UTC)):
        made = _a_town("邻近园区", [Firm("东风木业有限公司", "第1网格", ["伊某", "施某"], 1)],
                       [("伊内斯", "园区长", "邻近园区", "")], base=0)
        _sign_up(made, "ines", "伊内斯", AccountRole.DUTY_OFFICER)
    return made


@pytest.fixture
def this_morning() -> Any:
    """The clock stands at 08:42 on the morning of the round."""
    with clock.standing_at(MORNING):
        yield MORNING


@pytest.fixture
def busy(groundwork: Groundwork, town: Town, this_morning: datetime) -> Town:
    """Lin's park with a rule, an excuse and somebody whom no roster knows."""
    return groundwork.lay(_a_busy_park, town)


def _a_busy_park(town: Town) -> Town:
    adopt(town.park, "cn-2022-v9", from_day=date(2022, 7, 1), actor=operator())
    excuse(town.park, town.people["郑伟"], reason="leave", since_at=MORNING - timedelta(hours=9),
           until_at=MORNING + timedelta(hours=9), actor=operator())
    bind(town.park, [Scan(scan_id="stranger", round=1, tube="SY0002", point="门口", id_number=an_id(777))], actor=operator())
    return town
