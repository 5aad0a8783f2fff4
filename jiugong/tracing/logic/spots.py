"""A place as logs write it: the hall and the number in `杨源食堂/033桌`, the kind in a file's own word."""

import re
import unicodedata

KINDS = {
    "dorm_room": "dorm_room", "宿舍": "dorm_room", "宿舍房间": "dorm_room",
    "workplace": "workplace", "工作场所": "workplace", "车间": "workplace", "考勤": "workplace",
    "canteen_table": "canteen_table", "食堂": "canteen_table", "餐桌": "canteen_table", "食堂餐桌": "canteen_table",
    "bus": "bus", "班车": "bus", "空调班车": "bus",
    "ventilated_bus": "ventilated_bus", "通风班车": "ventilated_bus", "开窗班车": "ventilated_bus",
    "enclosed_space": "enclosed_space", "enclosed": "enclosed_space", "密闭空间": "enclosed_space",
    "会议室": "enclosed_space", "更衣室": "enclosed_space",
    "吸烟室": "enclosed_space",
    "toilet": "toilet", "卫生间": "toilet", "lift": "lift", "电梯": "lift", "clinic": "clinic", "医务室": "clinic",
    "goods": "goods", "货物": "goods", "venue": "venue", "其他场所": "venue", "gate": "gate", "大门": "gate", "门岗": "gate",
}
SOURCES = {
    "考勤": "attendance", "食堂刷卡": "canteen_card", "班车扫码": "bus_scan", "场所码": "venue_code", "门禁": "gate",
    "货物": "goods",
    "货物登记": "goods", "自述": "self_report", "自报": "self_report", "流调": "recall", "回忆": "recall",
}
# of these kinds a number says what is beside what: a table of a canteen, a row of seats of a run
_NUMBERED = {"canteen_table": re.compile(r"(.*?)(\d{1,6})(?:号桌|号|桌)?", re.DOTALL),
             "ventilated_bus": re.compile(r"(.*?)(\d{1,3})排", re.DOTALL)}


def kind_of(text: str) -> str | None:
    """The kind of place that a file's word names."""
    return KINDS.get(unicodedata.normalize("NFKC", text).strip().casefold())


def source_of(text: str) -> str:
    """The source that a file's word names; another word is kept as it stands."""
    said = unicodedata.normalize("NFKC", text).strip()
    return SOURCES.get(said, said[:40] or "other")


def hall_of(kind: str, name: str) -> tuple[str, int | None]:
    """In which hall a spot lies and which number it has there; what stands in no row is a hall of its own."""
    numbered = _NUMBERED.get(kind)
    found = numbered.fullmatch(name) if numbered else None
    if found and found[1] and int(found[2]) > 0:
        return found[1].rstrip("/ -"), int(found[2])
    return name, None
