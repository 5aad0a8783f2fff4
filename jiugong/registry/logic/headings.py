"""Under which headings parks write what we ask for, and how a saved mapping adds its own."""

from collections.abc import Mapping, Sequence

from jiugong.lib.sheets import Heading, Sheet, find_heading, heading_key, name_key
from jiugong.registry.logic.facts import CHARGES, ENTERPRISES, PEOPLE

# field -> headings; the first is the one that we write.
KNOWN: Mapping[str, Mapping[str, Sequence[str]]] = {
    ENTERPRISES: {
        "number": ("序号", "No"),
        "name": ("企业名称", "企业", "单位名称", "公司名称", "企业全称", "Enterprise"),
        "credit_code": ("统一社会信用代码", "信用代码", "社会信用代码", "统一信用代码", "Credit code"),
        "grid": ("所属网格", "网格", "网格名称", "Grid"),
        "address": ("厂区地址", "地址", "企业地址", "Address"),
        "kind": ("类型", "企业类型", "Kind"),
        "chief": ("企业长", "企业负责人", "Enterprise chief"),
        "chief_phone": ("企业长电话", "企业长手机", "企业长手机号", "负责人电话", "Chief's phone"),
        "remark": ("备注", "Remark"),
    },
    PEOPLE: {
        "number": ("序号", "No"),
        "name": ("姓名", "员工姓名", "人员姓名", "Name"),
        "id_number": ("身份证号", "身份证号码", "身份证", "公民身份号码", "证件号码", "证件号", "ID number"),
        "phone": ("手机号", "手机号码", "手机", "联系电话", "电话", "Phone"),
        "enterprise": ("企业名称", "企业", "所属企业", "单位名称", "工作单位", "公司名称", "Enterprise"),
        "workshop": ("车间/部门", "车间", "部门", "所属车间", "Workshop"),
        "team": ("班组", "所属班组", "Team"),
        "shift": ("班次", "Shift"),
        "post": ("岗位", "工种", "职务", "Post"),
        "key_post": ("是否关键岗位", "关键岗位", "Key post"),
        "dorm_room": ("宿舍", "宿舍号", "宿舍房间", "Dormitory"),
        "bed": ("床位", "床位号", "Bed"),
        "canteen_table": ("食堂餐桌", "餐桌", "餐桌号", "Canteen table"),
        "bus": ("通勤班车", "班车", "通勤车", "Bus"),
        "status": ("在岗状态", "状态", "人员状态", "Status"),
        "arrived_on": ("到岗日期", "返岗日期", "到岗时间", "入职日期", "Arrived on"),
        "remark": ("备注", "Remark"),
    },
    CHARGES: {
        "number": ("序号", "No"),
        "name": ("姓名", "责任人", "责任人姓名", "Name"),
        "phone": ("手机号", "手机号码", "手机", "联系电话", "电话", "Phone"),
        "role": ("角色", "责任角色", "Role"),
        "over": ("负责对象", "责任对象", "责任范围", "Over"),
        "body": ("专项小组", "工作组", "小组", "Task group"),
    },
}

REQUIRED = {
    ENTERPRISES: ("name",),
    PEOPLE: ("name", "id_number", "enterprise"),
    CHARGES: ("name", "role", "over"),
}
CORE = {ENTERPRISES: ("name",), PEOPLE: ("id_number",), CHARGES: ("role", "over")}


def headings_for(kind: str, mapping: Mapping[str, Mapping[str, str]]) -> dict[str, tuple[str, ...]]:
    """The headings under which each field of a sheet is met, those of a saved mapping first.

    A mapping says "their heading": "our heading" for each of our sheets.
    """
    known = KNOWN[kind]
    ours = {heading_key(name): field for field, names in known.items() for name in names}
    theirs: dict[str, list[str]] = {}
    for their_heading, our_heading in mapping.get(kind, {}).items():
        field = ours.get(heading_key(our_heading))
        if field:
            theirs.setdefault(field, []).append(their_heading)
    claimed = {heading_key(name) for names in theirs.values() for name in names}
    return {field: (*theirs.get(field, ()), *(name for name in names if heading_key(name) not in claimed))
            for field, names in known.items()}


def the_right_way_round(mapping: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """A mapping as we keep it, "their heading": "our heading", though it was written "ours": "theirs"."""
    turned = {}
    for kind, pairs in mapping.items():
        ours = {heading_key(name) for names in KNOWN.get(kind, {}).values() for name in names}
        backward = not all(heading_key(right) in ours for right in pairs.values()) and all(
            heading_key(left) in ours for left in pairs)
        turned[kind] = {right: left for left, right in pairs.items()} if backward else dict(pairs)
    return turned


def unknown_in(mapping: Mapping[str, Mapping[str, str]]) -> list[str]:
    """What a mapping speaks of and we do not have: sheets and headings of ours that are none."""
    wrong = [kind for kind in mapping if kind not in KNOWN]
    for kind in mapping.keys() & KNOWN.keys():
        ours = {heading_key(name) for names in KNOWN[kind].values() for name in names}
        wrong += [f"{kind}/{our}" for our in mapping[kind].values() if heading_key(our) not in ours]
    return wrong


def recognise(sheet: Sheet, mapping: Mapping[str, Mapping[str, str]]) -> tuple[str, Heading] | None:
    """Which of our three sheets this is, told by its headings; its name decides only between equals."""
    found = []
    for kind in KNOWN:
        heading = find_heading(sheet, headings_for(kind, mapping))
        if heading and all(field in heading.columns for field in CORE[kind]):
            found.append((len(heading.columns), name_key(kind) in name_key(sheet.name), kind, heading))
    if not found:
        return None
    _matched, _named, kind, heading = max(found, key=lambda each: each[:2])
    return kind, heading
