"""The closed lists of the registry as parks write them in their sheets. The first spelling is the one we write."""

ENTERPRISE_KINDS = {"企业": "enterprise", "工地": "site", "孵化器": "incubator", "科研院所": "institute"}
SHIFTS = {"白班": "day", "夜班": "night", "中班": "middle", "常白班": "regular_day"}
STATUSES = {"在岗": "on_duty", "休假": "on_leave", "离岗": "off_post", "隔离": "isolated"}
YES_NO = {"是": True, "否": False}
ROLES = {
    "园区长": "park_chief", "小组长": "group_leader", "网格长": "grid_leader", "企业长": "enterprise_chief",
    "防疫专员": "prevention_officer", "采样专员": "sampler", "扫码专员": "scanner", "首席服务官": "service_officer",
    "包联干部": "liaison_cadre", "车间负责人": "workshop_leader", "班组长": "team_leader",
}
OTHER_ROLE_SPELLINGS = {"网格员": "grid_leader", "车间主任": "workshop_leader", "驻企店小二": "service_officer",
                        "组长": "group_leader"}
LEADING_POSTS = {"班组长": "team_leader", "车间主任": "workshop_leader", "车间负责人": "workshop_leader"}
