"""Is somewhere inside an area at risk? Compared by names as people write them; the definition in plain Python.

A place lies inside a declared area where its name begins with the area's: 包头市昆都仑区某小区3号楼 lies in 包头市昆都仑区某小区.
The province may be left out or shortened on either side, because people do so; nothing below it may, for districts of many
cities bear one name. Where the place is told more coarsely than the area, it may have been there: that is said, not decided.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

PROVINCES = ("北京", "天津", "上海", "重庆", "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江", "江苏", "浙江", "安徽", "福建",
             "江西", "山东", "河南", "湖北", "湖南", "广东", "广西", "海南", "四川", "贵州", "云南", "西藏", "陕西", "甘肃", "青海",
             "宁夏", "新疆")
MUNICIPALITIES = {"北京": "北京市", "天津": "天津市", "上海": "上海市", "重庆": "重庆市"}
_PROVINCE = re.compile(rf"({'|'.join(PROVINCES)})(?:维吾尔自治区|壮族自治区|回族自治区|自治区|省)?")
_BELOW = re.compile(r"[市区县州盟旗]")
ORDER = ("high", "medium", "low")


class How(StrEnum):
    """How surely a stay was in an area."""

    INSIDE = "inside"                        # the place is the area, or lies in it
    AROUND = "around"                        # the place holds the area: ask where exactly


@dataclass(frozen=True, kw_only=True)
class Area:
    """An area at risk; `until` is the first day on which it is no longer."""

    number: int
    name: str
    key: str
    level: str
    since: date
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Stayed:
    """Somebody was there on these days, both included."""

    area: str
    key: str
    first_day: date
    last_day: date


@dataclass(frozen=True, kw_only=True)
class Match:
    """A stay in an area at risk: the last day on which he was there while it was at risk counts as the day of leaving."""

    area: Area
    stay: Stayed
    how: How
    left_on: date


def plain_key(key: str) -> str:
    """A name without its province; a municipality keeps its name in full."""
    found = _PROVINCE.match(key)
    if not found:
        return key
    name, rest = found[1], key[found.end():]
    if name in MUNICIPALITIES:
        return MUNICIPALITIES[name] + rest.removeprefix("市")
    is_city = rest.startswith("市")                        # 吉林市 lies in 吉林省
    return key if is_city or not _BELOW.search(rest) else plain_key(rest)


def is_inside(place: str, area: str) -> bool:
    """Does a place lie in an area, both by their plain keys? 1号楼 is not the beginning of 10号楼."""
    return bool(area) and place.startswith(area) and not (area[-1].isdigit() and place[len(area):len(area) + 1].isdigit())


@dataclass
class Areas:
    """The areas at risk around some days, found by name: a place of forty signs asks forty times, however many areas there are."""

    listed: Iterable[Area]
    by_key: dict[str, list[Area]] = field(default_factory=dict, init=False)
    keys: list[str] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        for area in self.listed:
            self.by_key.setdefault(plain_key(area.key), []).append(area)
        self.keys = sorted(self.by_key)

    def matches(self, stay: Stayed) -> list[Match]:
        """The areas in which a stay lay while they were at risk: the highest first, then the latest."""
        found = [Match(area=area, stay=stay, how=how, left_on=left_on) for area, how in self._near(plain_key(stay.key))
                 if (left_on := _left(stay, area))]
        return sorted(found, key=lambda each: (list(How).index(each.how), ORDER.index(each.area.level), -each.left_on.toordinal(),
                                               each.area.name))

    def _near(self, place: str) -> Iterator[tuple[Area, How]]:
        for length in range(1, len(place) + 1):
            if is_inside(place, place[:length]):
                yield from ((area, How.INSIDE) for area in self.by_key.get(place[:length], ()))
        for key in self.keys[bisect_left(self.keys, place):]:
            if not key.startswith(place):
                break
            if key != place and is_inside(key, place):
                yield from ((area, How.AROUND) for area in self.by_key[key])


def _left(stay: Stayed, area: Area) -> date | None:
    """The last day in the area while it was at risk; None where the days do not meet."""
    last = min(stay.last_day, area.until - timedelta(days=1)) if area.until else stay.last_day
    return last if last >= max(stay.first_day, area.since) else None
