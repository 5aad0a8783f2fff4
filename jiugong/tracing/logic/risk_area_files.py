"""From a list of areas at risk (风险区) to facts: which area, how high, from which day to which, by which document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from jiugong.lib import identifiers, sheets
from jiugong.lib.sheets import Sheet
from jiugong.tracing.logic.lists import Cells, ListFile, read_list

COLUMNS: Mapping[str, Sequence[str]] = {
    "name": ("地区", "风险地区", "区域", "风险区域", "风险区", "地区名称", "名称", "Area"),
    "code": ("行政区划代码", "区划代码", "地区代码", "代码", "Code"),
    "level": ("风险等级", "等级", "级别", "风险级别", "Risk"),
    "since": ("开始日期", "划定日期", "生效日期", "起始日期", "开始时间", "划定时间", "From"),
    "last_day": ("结束日期", "截止日期", "结束时间", "Last day"),
    "lifted_on": ("解除日期", "解除时间", "调整日期", "降级日期", "Lifted on"),
    "source": ("依据", "来源", "通告", "文件", "发布单位", "Source"),
}
NEEDED = ("name", "level")
LEVELS = {"高": "high", "高风险": "high", "高风险区": "high", "高风险地区": "high", "high": "high", "highrisk": "high",
          "中": "medium", "中风险": "medium", "中风险区": "medium", "中风险地区": "medium", "medium": "medium",
          "mediumrisk": "medium",
          "低": "low", "低风险": "low", "低风险区": "low", "低风险地区": "low", "low": "low", "lowrisk": "low"}
LONGEST_NAME, LONGEST_CODE, LONGEST_SOURCE = 200, 12, 200


@dataclass(frozen=True, kw_only=True, slots=True)
class RiskAreaRow:
    """One area. `since` None: the list does not say from when; `until` is the first day on which it is no longer."""

    row: int
    name: str
    key: str
    code: str
    level: str
    since: date | None
    until: date | None
    source: str


def read_risk_areas(book: list[Sheet]) -> ListFile[RiskAreaRow] | None:
    """Understand a list of areas at risk; None where no sheet has its headings."""
    return read_list(book, COLUMNS, known_by="level", needed=NEEDED, read=_row)


def _row(cells: Cells[RiskAreaRow]) -> RiskAreaRow | None:
    name = cells.text("name", longest=LONGEST_NAME, tidy=sheets.tidy_title)
    raw = sheets.as_text(cells.raw("level"))
    level = LEVELS.get(sheets.heading_key(raw), "")
    if not level:
        cells.wrong("level", "risk_level_unknown" if raw else "missing")
    code = _code(cells)
    since, until = cells.day("since", needed=False), _until(cells)
    if since and until and until <= since:
        cells.wrong("last_day" if cells.raw("last_day") else "lifted_on", "ended_before_begun")
    source = cells.text("source", longest=LONGEST_SOURCE, needed=False)
    if not cells.is_good:
        return None
    return RiskAreaRow(row=cells.number, name=name, key=sheets.name_key(name), code=code, level=level, since=since, until=until,
                       source=source)


def _code(cells: Cells[RiskAreaRow]) -> str:
    text = identifiers.folded(sheets.as_text(cells.raw("code"))).lstrip("'")
    if text and (not text.isdecimal() or len(text) > LONGEST_CODE):
        cells.wrong("code", "area_code_impossible", longest=LONGEST_CODE)
    return text


def _until(cells: Cells[RiskAreaRow]) -> date | None:
    """An end is the last day at risk (结束日期); a lifting is the first day without (解除日期)."""
    last, lifted = cells.day("last_day", needed=False), cells.day("lifted_on", needed=False)
    return last + timedelta(days=1) if last else lifted
