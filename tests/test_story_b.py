"""Story B, its screening: points, officers and their training, and who was sampled, enterprise by enterprise."""

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.cast import Firm, a_phone, a_roster, an_id
from tests.commands import Home
from tests.installed import installed

EXPECTED = json.loads((Path(__file__).parent / "data" / "story-b.expected.json").read_text())

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Story B in a home of its own, told once for this page; tests here only read it."""
    with Home(installed(tmp_path_factory.mktemp("story-b"))) as home:
        yield home


@pytest.fixture(scope="module")
def told(home: Home) -> dict[str, Any]:
    return home.ask_alone("story", "b-screening")


def test_story_b_gives_its_published_figures(told: dict[str, Any]) -> None:
    figures = told["figures"]

    assert told["park"] == EXPECTED["park"]
    assert figures["screening.points"] == EXPECTED["points"] == 79
    assert figures["screening.points_at_enterprises"] == EXPECTED["points_at_enterprises"] == 55
    assert figures["registry.officers.prevention"] == EXPECTED["prevention"] == 183
    assert figures["registry.officers.scanner"] == EXPECTED["scanner"] == 120
    assert figures["registry.officers.sampler"] == EXPECTED["sampler"] == 312
    assert figures["duties.officers_untrained"] == EXPECTED["untrained"] == 0
    assert figures["screening.people_owed"] == EXPECTED["people_owed"] == 18893
    assert figures["screening.people_sampled"] == EXPECTED["people_sampled"] == 15681
    assert figures["registry.enterprises"] == EXPECTED["enterprises"]


def test_story_b_tells_each_enterprise_what_it_owed_and_sampled(told: dict[str, Any]) -> None:
    assert told["owed_by_enterprise"] == EXPECTED["owed_by_enterprise"]
    assert told["sampled_by_enterprise"] == EXPECTED["sampled_by_enterprise"]


@pytest.mark.parametrize("key", ["screening.points", "screening.points_at_enterprises", "registry.officers.prevention",
                                 "duties.officers_untrained", "screening.people_sampled", "screening.people_owed"])
def test_every_figure_of_story_b_opens_to_its_rows(home: Home, told: dict[str, Any], key: str) -> None:
    opened = home.ask("rows", key, "--park", told["park"], "--from", EXPECTED["day"], "--to", EXPECTED["day"])

    assert len(opened["rows"]) == opened["value"] == told["figures"][key]


def test_the_round_of_story_b_owes_what_its_people_owe(home: Home, told: dict[str, Any]) -> None:
    gap = home.ask("gaps", "--park", told["park"], "--round", 1)

    assert gap["owed"] == EXPECTED["people_owed"]
    assert len(gap["missing"]) == EXPECTED["people_owed"] - EXPECTED["people_sampled"]


def test_telling_story_b_again_changes_nothing(home: Home, told: dict[str, Any]) -> None:
    assert home.ask("story", "b-screening") == told


def _write(path: Path, *rows: tuple[object, ...]) -> None:
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows(rows)


def test_a_folder_with_other_numbers_gives_those(home: Home, tmp_path: Path) -> None:
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    (inputs / "roster.xlsx").write_bytes(a_roster("另一园区", [
        Firm("东风木业有限公司", "第1网格", ["吴强", "孙丽", "郑伟"], 31), Firm("南山家居有限公司", "第1网格", ["钱进"], 32)],
        [("林园", "园区长", "另一园区", ""), ("方敏", "防疫专员", "东风木业有限公司", ""),
         ("舒航", "扫码专员", "东风木业有限公司", ""), ("柏青", "采样专员", "南山家居有限公司", "")], base=500))
    _write(inputs / "points.csv", ("采样点", "类型", "企业", "开放时间", "台数"),
           ("东风采样点", "企业", "东风木业有限公司", "06:00-10:00", 1), ("东门采样点", "公共", "", "06:00-12:00", 3))
    _write(inputs / "training.csv", ("姓名", "手机号", "课程", "培训日期", "有效期至"),
           ("方敏", a_phone(1402), "防疫专员培训", "2022-05-01", "2022-09-01"),
           ("舒航", a_phone(1403), "扫码专员培训", "2022-01-01", "2022-07-21"))     # over on the day before the round
    _write(inputs / "scans.csv",
           ("扫码ID", "轮次", "采样日期时间", "采样点", "试管编号", "管内序号", "身份证号", "扫码员手机", "设备号"),
           *((f"other-{at}", 1, "2022-07-22 08:00:00", "东风采样点", "T1", at, an_id(500 + at), a_phone(1403), "PDA-01")
             for at in (1, 2)))

    told = home.ask("story", "b-screening", "--inputs", inputs)

    figures = told["figures"]
    assert (figures["screening.points"], figures["screening.points_at_enterprises"]) == (2, 1)
    assert (figures["registry.officers.prevention"], figures["registry.officers.sampler"]) == (1, 1)
    assert figures["duties.officers_untrained"] == 2              # one never, one no longer
    assert (figures["screening.people_sampled"], figures["screening.people_owed"]) == (2, 4)
    assert told["owed_by_enterprise"] == {"东风木业有限公司": 3, "南山家居有限公司": 1}
    assert told["sampled_by_enterprise"] == {"东风木业有限公司": 2}


INPUTS = Path(__file__).parents[1] / "scenarios" / "b" / "inputs"


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((INPUTS / name).read_text("utf-8-sig").splitlines()))


def _sheet(title: str) -> list[dict[str, Any]]:
    rows = list(load_workbook(INPUTS / "roster.xlsx", read_only=True)[title].iter_rows(values_only=True))[1:]
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]


def _tidy(name: object) -> str:
    """An enterprise's name as it is printed: people type other brackets and stray spaces."""
    return "".join(str(name).split()).replace("(", "（").replace(")", "）")


def _own_swabs() -> dict[str, int]:
    """How many people were sampled at the point of their own enterprise, by the raw files."""
    works = {str(row["身份证号"]).strip().upper(): _tidy(row["企业名称"]) for row in _sheet("人员台账")}
    at = {row["采样点"]: row["企业"] for row in _rows("points.csv") if row["类型"] == "企业"}
    own = {row["身份证号"] for row in _rows("scans.csv") if at.get(row["采样点"]) == works.get(row["身份证号"], "-")}
    return Counter(works[number] for number in own)


def _lacking(enterprises: set[str]) -> dict[str, str]:
    """What each of these enterprises lacks on the day, by the raw files: a point, an officer, one who is trained."""
    at = {row["企业"] for row in _rows("points.csv") if row["类型"] == "企业"}
    trained = {(row["手机号"], row["课程"].removesuffix("培训")) for row in _rows("training.csv")
               if row["培训日期"] <= EXPECTED["day"] <= (row["有效期至"] or "9999")}
    held: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in _sheet("责任人"):
        held[_tidy(row["负责对象"]), str(row["角色"])].add(str(row["手机号"]))
    found = {}
    for name in enterprises:
        codes = [] if name in at else ["point"]
        for role, code in (("防疫专员", "prevention_officer"), ("采样专员", "sampler"), ("扫码专员", "scanner")):
            phones = held[name, role]
            if not phones:
                codes.append(code)
            elif not any((phone, role) in trained for phone in phones):
                codes.append(f"{code}_untrained")
        if codes:
            found[name] = ",".join(codes)
    return found


def test_story_b_gave_every_large_enterprise_a_point_and_three_trained_officers(home: Home, told: dict[str, Any]) -> None:
    """By the rules of Shanghai: who lacks something is derived here from the raw files, not from the product.

    The last on this page: from here on the park of this home goes by rules.
    """
    assert told["figures"]["screening.enterprises_with_point_due"] == 0                 # the story itself adopts no rules
    assert told["figures"]["screening.self_sampled"] == sum(_own_swabs().values())
    home.ask("adopt", "cn-sh-2022-04", "--park", told["park"], "--from", "2022-04-16")

    due, lacking = ({row["enterprise"]: row["lacking"] for row in home.ask(
        "rows", key, "--park", told["park"], "--from", EXPECTED["day"], "--to", EXPECTED["day"])["rows"]}
        for key in ("screening.enterprises_with_point_due", "screening.enterprises_short"))

    assert len(due) == EXPECTED["enterprises_of_100_or_more"] == 55
    assert set(due) == {name for name, owed in EXPECTED["owed_by_enterprise"].items() if owed >= 100}
    assert lacking == _lacking(set(due))
