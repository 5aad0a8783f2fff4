"""Every figure there is: a name, a unit, and the query whose rows it counts. Nothing is typed into a template.

A figure is the number of its rows, or the sum of the share (`value`) that each row carries. Board, brief, API and
export read the same figures; opening one shows the rows.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jiugong.briefs import rows
from jiugong.briefs.rows.boxes import BOXES
from jiugong.briefs.rows.closing import CLOSED
from jiugong.briefs.rows.conflicts import conflicts, count_conflicts
from jiugong.briefs.rows.duties_more import MORE
from jiugong.briefs.rows.notices import TOLD
from jiugong.briefs.rows.paper import count_specimens_from_paper, specimens_from_paper
from jiugong.briefs.rows.risk import AT_RISK
from jiugong.briefs.rows.tracing import TRACED
from jiugong.briefs.rows.verifying import count_to_verify, to_verify
from jiugong.briefs.scope import Scope
from jiugong.registry.words import Role

Row = Mapping[str, Any]
SHORT = {Role.PREVENTION_OFFICER: "prevention"}      # as the key is written in reports; else the role's own word


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A named figure. `rows` gives its rows; `count` says their number without fetching them."""

    key: str
    zh: str
    en: str
    unit_zh: str
    unit_en: str
    rows: Callable[[Scope], Iterable[rows.Line]]
    count: Callable[[Scope], int]


def _officers(role: Role, zh: str) -> Figure:
    return Figure(key=f"registry.officers.{SHORT.get(role, role.value)}", zh=zh, en=f"{role.value.replace('_', ' ').capitalize()}s",
                  unit_zh="人", unit_en="people", rows=lambda scope: rows.officers(scope, role),
                  count=lambda scope: rows.count_officers(scope, role))


def _evidence(name: str, zh: str, en: str, unit_zh: str, unit_en: str) -> Figure:
    counted, count = MORE[name]
    return Figure(key=f"duties.{name}", zh=zh, en=en, unit_zh=unit_zh, unit_en=unit_en, rows=counted, count=count)


def _box(name: str, zh: str, en: str, unit_zh: str, unit_en: str) -> Figure:
    counted, count = BOXES[name]
    return Figure(key=f"screening.{name}", zh=zh, en=en, unit_zh=unit_zh, unit_en=unit_en, rows=counted, count=count)


def _told(name: str, zh: str, en: str, unit_zh: str, unit_en: str) -> Figure:
    counted, count = TOLD[name]
    return Figure(key=f"journal.{name}", zh=zh, en=en, unit_zh=unit_zh, unit_en=unit_en, rows=counted, count=count)


def _closed(name: str, zh: str, en: str, unit_zh: str, unit_en: str) -> Figure:
    counted, count = CLOSED[name]
    return Figure(key=f"closing.{name}", zh=zh, en=en, unit_zh=unit_zh, unit_en=unit_en, rows=counted, count=count)


def _traced(name: str, zh: str, en: str, unit_zh: str, unit_en: str) -> Figure:
    counted, count = TRACED[name]
    return Figure(key=f"tracing.{name}", zh=zh, en=en, unit_zh=unit_zh, unit_en=unit_en, rows=counted, count=count)


def _at_risk(name: str, zh: str, en: str, unit_zh: str, unit_en: str) -> Figure:
    counted, count = AT_RISK[name]
    return Figure(key=f"tracing.{name}", zh=zh, en=en, unit_zh=unit_zh, unit_en=unit_en, rows=counted, count=count)


FIGURES: tuple[Figure, ...] = (
    Figure(key="registry.enterprises", zh="在册企业", en="Enterprises", unit_zh="家", unit_en="enterprises",
           rows=rows.enterprises, count=rows.count_enterprises),
    Figure(key="registry.people", zh="在册人员", en="People on the roster", unit_zh="人", unit_en="people",
           rows=rows.people, count=rows.count_people),
    Figure(key="registry.on_duty", zh="在岗人员", en="People on duty", unit_zh="人", unit_en="people",
           rows=rows.on_duty, count=rows.count_on_duty),
    Figure(key="registry.people_at_building_sites", zh="建筑工地人员", en="People at building sites", unit_zh="人",
           unit_en="people", rows=rows.people_at_building_sites, count=rows.count_people_at_building_sites),
    Figure(key="registry.hired", zh="新上岗人员", en="Came onto the roster", unit_zh="人", unit_en="people",
           rows=rows.hired, count=rows.count_hired),
    Figure(key="registry.left", zh="离开人员", en="Left the roster", unit_zh="人", unit_en="people",
           rows=rows.left, count=rows.count_left),
    Figure(key="registry.badges", zh="持有有效人员码", en="People with a valid badge", unit_zh="人", unit_en="people",
           rows=rows.badges, count=rows.count_badges),
    Figure(key="registry.task_groups", zh="专项小组", en="Task groups", unit_zh="个", unit_en="groups",
           rows=rows.task_groups, count=rows.count_task_groups),
    _officers(Role.PARK_CHIEF, "园区长"),
    _officers(Role.GROUP_LEADER, "小组长"),
    _officers(Role.GRID_LEADER, "网格长"),
    _officers(Role.ENTERPRISE_CHIEF, "企业长"),
    _officers(Role.PREVENTION_OFFICER, "防疫专员"),
    _officers(Role.SAMPLER, "采样专员"),
    _officers(Role.SCANNER, "扫码专员"),
    _officers(Role.SERVICE_OFFICER, "首席服务官"),
    _officers(Role.LIAISON_CADRE, "包联干部"),
    _officers(Role.WORKSHOP_LEADER, "车间负责人"),
    _officers(Role.TEAM_LEADER, "班组长"),
    Figure(key="registry.unanswered", zh="无人负责", en="Nobody answers for it", unit_zh="处", unit_en="units and grids",
           rows=rows.unanswered, count=rows.count_unanswered),
    Figure(key="screening.rounds", zh="核酸检测轮次", en="Rounds of testing", unit_zh="轮", unit_en="rounds",
           rows=rows.rounds, count=rows.count_rounds),
    Figure(key="screening.tubes", zh="采样试管", en="Tubes", unit_zh="管", unit_en="tubes",
           rows=rows.tubes, count=rows.count_tubes),
    Figure(key="screening.person_tests", zh="采样人次", en="Person-tests", unit_zh="人次", unit_en="person-tests",
           rows=rows.person_tests, count=rows.count_person_tests),
    Figure(key="screening.owed", zh="应检人次", en="Owed", unit_zh="人次", unit_en="person-rounds",
           rows=rows.owed, count=rows.count_owed),
    Figure(key="screening.sampled", zh="已检人次", en="Sampled", unit_zh="人次", unit_en="person-rounds",
           rows=rows.sampled, count=rows.count_sampled),
    Figure(key="screening.excused", zh="请假人次", en="Excused", unit_zh="人次", unit_en="person-rounds",
           rows=rows.excused, count=rows.count_excused),
    Figure(key="screening.missing", zh="未检人次", en="Missing", unit_zh="人次", unit_en="person-rounds",
           rows=rows.missing, count=rows.count_missing),
    Figure(key="screening.points", zh="采样点", en="Sampling points", unit_zh="个", unit_en="points",
           rows=rows.points, count=rows.count_points),
    Figure(key="screening.points_at_enterprises", zh="企业采样点", en="Sampling points at enterprises", unit_zh="个",
           unit_en="points", rows=rows.points_at_enterprises, count=rows.count_points_at_enterprises),
    Figure(key="screening.enterprises_with_point_due", zh="应设采样点企业", en="Enterprises that need a point", unit_zh="家",
           unit_en="enterprises", rows=rows.enterprises_with_point_due, count=rows.count_enterprises_with_point_due),
    Figure(key="screening.enterprises_short", zh="一点三专员不全企业", en="Enterprises without a point or trained officers",
           unit_zh="家", unit_en="enterprises", rows=rows.enterprises_short, count=rows.count_enterprises_short),
    Figure(key="screening.people_owed", zh="应检人数", en="People owed", unit_zh="人", unit_en="people",
           rows=rows.people_owed, count=rows.count_people_owed),
    Figure(key="screening.people_sampled", zh="已检人数", en="People sampled", unit_zh="人", unit_en="people",
           rows=rows.people_sampled, count=rows.count_people_sampled),
    Figure(key="screening.self_sampled", zh="企业自检人数", en="People sampled by their own enterprise", unit_zh="人",
           unit_en="people", rows=rows.self_sampled, count=rows.count_self_sampled),
    Figure(key="screening.walk_ins", zh="台账外采样", en="Walk-ins not matched", unit_zh="人次", unit_en="specimens",
           rows=rows.walk_ins, count=rows.count_walk_ins),
    Figure(key="screening.unknown_scanners", zh="扫码员不明", en="Scanner unknown", unit_zh="人次", unit_en="specimens",
           rows=rows.unknown_scanners, count=rows.count_unknown_scanners),
    Figure(key="screening.flagged_scans", zh="扫码员未培训或不明", en="Scanner untrained or unknown", unit_zh="人次",
           unit_en="specimens", rows=rows.flagged_scans, count=rows.count_flagged_scans),
    Figure(key="screening.tubes_reported", zh="已出结果试管", en="Tubes with a result", unit_zh="管", unit_en="tubes",
           rows=rows.tubes_reported, count=rows.count_tubes_reported),
    Figure(key="screening.tubes_not_negative", zh="非阴性试管", en="Tubes not negative", unit_zh="管", unit_en="tubes",
           rows=rows.tubes_not_negative, count=rows.count_tubes_not_negative),
    Figure(key="screening.tubes_late", zh="超时未出或迟出结果试管", en="Tubes reported late", unit_zh="管", unit_en="tubes",
           rows=rows.tubes_late, count=rows.count_tubes_late),
    Figure(key="screening.retests_open", zh="待单采复核", en="Retests open", unit_zh="人", unit_en="people",
           rows=rows.retests_open, count=rows.count_retests_open),
    Figure(key="screening.conflicts", zh="待处理扫码冲突", en="Conflicts between scans", unit_zh="件", unit_en="conflicts",
           rows=conflicts, count=count_conflicts),
    Figure(key="screening.from_paper", zh="纸质补录", en="Entered from paper", unit_zh="人次", unit_en="person-tests",
           rows=specimens_from_paper, count=count_specimens_from_paper),
    _box("boxes", "转运箱", "Boxes", "箱", "boxes"),
    _box("boxes_late", "超时送达转运箱", "Boxes late", "箱", "boxes"),
    _box("boxes_differing", "交接数量不符", "Hand-overs that do not agree", "次", "hand-overs"),
    Figure(key="duties.owed", zh="应办事项", en="Duties owed", unit_zh="项次", unit_en="duties",
           rows=rows.duties_owed, count=rows.count_duties_owed),
    Figure(key="duties.done", zh="已办事项", en="Duties done", unit_zh="项次", unit_en="duties",
           rows=rows.duties_done, count=rows.count_duties_done),
    Figure(key="duties.excused", zh="免办事项", en="Duties excused", unit_zh="项次", unit_en="duties",
           rows=rows.duties_excused, count=rows.count_duties_excused),
    Figure(key="duties.missing", zh="未办事项", en="Duties missing", unit_zh="项次", unit_en="duties",
           rows=rows.duties_missing, count=rows.count_duties_missing),
    Figure(key="duties.enterprises_red", zh="红牌企业", en="Red enterprises", unit_zh="家", unit_en="enterprises",
           rows=rows.enterprises_red, count=rows.count_enterprises_red),
    Figure(key="duties.enterprises_green", zh="绿牌企业", en="Green enterprises", unit_zh="家", unit_en="enterprises",
           rows=rows.enterprises_green, count=rows.count_enterprises_green),
    _evidence("vaccinated", "已接种疫苗", "Vaccinated", "人", "people"),
    _evidence("vaccination_missing", "应接种未接种", "Vaccination missing", "人", "people"),
    _evidence("trained", "培训有效人员", "Trained", "人", "people"),
    _evidence("officers_untrained", "未培训专员", "Officers without training", "人", "officers"),
    _evidence("temperatures_high", "体温异常", "High temperatures", "人次", "readings"),
    _evidence("disinfections", "已复核消杀", "Disinfections checked", "次", "disinfections"),
    _evidence("disinfections_unchecked", "待复核消杀", "Disinfections not checked", "次", "disinfections"),
    _evidence("drills", "应急演练", "Drills", "次", "drills"),
    _evidence("hygiene_checks", "口罩和洗手检查", "Checks of masks and hands", "次", "checks"),
    _evidence("standing_water", "积水清除", "Standing water cleared", "次", "rounds"),
    _evidence("waste_transfers", "垃圾转运", "Waste transfers", "次", "transfers"),
    _evidence("returnees", "返岗人员", "Returnees announced", "人", "people"),
    _evidence("returnee_lists_late", "返岗名单逾期", "Lists of returnees late", "家", "lists"),
    _evidence("remote", "居家办公", "Working from home", "人", "people"),
    _closed("days_closed", "已封存日期", "Days closed", "天", "days"),
    _closed("missed", "封存时未办", "Missed on closed days", "项次", "misses"),
    _closed("late", "封存后迟到记录", "Came after a day was closed", "条", "rows"),
    _traced("incidents", "疫情事件", "Incidents", "起", "incidents"),
    _traced("cases", "确诊感染者", "Confirmed cases", "人", "people"),
    _traced("close_contacts", "密切接触者", "Close contacts", "人", "people"),
    _traced("under_control", "在管人员", "People under control", "人", "people"),
    _traced("minutes_to_control", "接报至全部落位用时", "Minutes until every contact was under control", "分钟", "minutes"),
    _traced("machine_milliseconds", "系统排查用时", "Machine time for lists of contacts", "毫秒", "milliseconds"),
    _traced("early_prevented", "早预防：距上次阴性", "Prevent early: since the last negative test", "分钟", "minutes"),
    _traced("early_found", "早发现：采样至接报", "Find early: from sampling until told", "分钟", "minutes"),
    _traced("early_reported", "早报告：接报至上报", "Report early: until the first report", "分钟", "minutes"),
    _traced("early_isolated", "早隔离：接报至落位", "Isolate early: until under control", "分钟", "minutes"),
    _traced("early_treated", "早治疗：确认至转诊", "Treat early: until handed to a hospital", "分钟", "minutes"),
    Figure(key="tracing.to_verify", zh="台账待核实", en="Lines of the roster to verify", unit_zh="条", unit_en="lines",
           rows=to_verify, count=count_to_verify),
    _at_risk("flagged", "外地推送人员", "People flagged by other places", "人", "people"),
    _at_risk("flagged_late", "外地推送逾期未处置", "Flagged people not acted on in time", "人", "people"),
    _at_risk("returnees_unchecked", "返岗人员未核查", "Returnees not checked", "人", "people"),
    Figure(key="rulebook.duties", zh="现行应办事项", en="Duties in force", unit_zh="项", unit_en="duties",
           rows=rows.duties_in_rulebook, count=rows.count_duties_in_rulebook),
    Figure(key="rulebook.stricter", zh="层层加码", en="Local rules stricter than the nation's", unit_zh="项",
           unit_en="rules", rows=rows.stricter, count=rows.count_stricter),
    Figure(key="rulebook.plans", zh="生效的一企一策", en="Enterprise plans in force", unit_zh="份", unit_en="plans",
           rows=rows.plans, count=rows.count_plans),
    Figure(key="rulebook.plans_due", zh="待修订的一企一策", en="Enterprise plans to be revised", unit_zh="份", unit_en="plans",
           rows=rows.plans_due, count=rows.count_plans_due),
    Figure(key="rulebook.key_enterprises", zh="重点企业", en="Key enterprises", unit_zh="家", unit_en="enterprises",
           rows=rows.key_enterprises, count=rows.count_key_enterprises),
    Figure(key="rulebook.supplements", zh="本地补充规定", en="Local rules", unit_zh="项", unit_en="rules",
           rows=rows.supplements, count=rows.count_supplements),
    _told("notices", "通知", "Notices", "份", "notices"),
    _told("notices_written", "通知接收人次", "Notices written to people", "人次", "people"),
    _told("notices_sent", "通知已发出人次", "Notices sent outside", "人次", "people"),
    _told("notices_delivered", "通知已送达人次", "Notices delivered", "人次", "people"),
    _told("notices_read", "通知已读人次", "Notices read", "人次", "people"),
    _told("notices_acknowledged", "通知已确认人次", "Notices confirmed", "人次", "people"),
    _told("notices_open", "通知未读或未确认人次", "Notices not read or not confirmed", "人次", "people"),
    Figure(key="briefs.filings", zh="已填报数据", en="Filings", unit_zh="份", unit_en="filings",
           rows=rows.filings, count=rows.count_filings),
    Figure(key="briefs.filings_missing", zh="未填报数据", en="Filings missing", unit_zh="份", unit_en="filings",
           rows=rows.filings_missing, count=rows.count_filings_missing),
    Figure(key="briefs.filings_differing", zh="数据不一致", en="Facts that differ", unit_zh="项", unit_en="facts",
           rows=rows.filings_differing, count=rows.count_filings_differing),
)

BY_KEY: Mapping[str, Figure] = {figure.key: figure for figure in FIGURES}
