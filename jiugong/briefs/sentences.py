"""The sentences of a brief, in Chinese as an office files it and in English. Every number in them is a figure's name.

Long because every sentence stands here twice, and nothing else does.
"""

from collections.abc import Mapping
from dataclasses import dataclass

CHINESE, ENGLISH = "zh-hans", "en"


@dataclass(frozen=True, kw_only=True)
class Said:
    """One clause in both languages; with `when` it is said only where that figure is not zero."""

    zh: str
    en: str
    when: str = ""

    def in_(self, language: str) -> str:
        return self.zh if language == CHINESE else self.en


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of a brief: its heading, its clauses, and the figures that are listed below them."""

    key: str
    zh: str
    en: str
    clauses: tuple[Said, ...] = ()
    figures: tuple[str, ...] = ()

    def heading(self, language: str) -> str:
        return self.zh if language == CHINESE else self.en


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What is not in order where this figure is not zero, and what follows from it."""

    figure: str
    found: Said
    follows: Said


PARTS: tuple[Part, ...] = (
    Part(key="overall", zh="总体情况", en="Overview", clauses=(
        Said(zh="园区在册企业{registry.enterprises}家，在册人员{registry.people}人，其中在岗{registry.on_duty}人。",
             en="Enterprises on the roster: {registry.enterprises}; people: {registry.people}, on duty {registry.on_duty}."),
        Said(zh="组织核酸检测{screening.rounds}轮，应采{screening.owed}人次，已采{screening.sampled}人次，"
                "免采{screening.excused}人次，未采{screening.missing}人次；各项应办事项{duties.owed}项次，"
                "已办{duties.done}项次，未办{duties.missing}项次。",
             en="Rounds of testing: {screening.rounds}; owed {screening.owed}, sampled {screening.sampled}, "
                "excused {screening.excused}, missing {screening.missing}. Daily duties: owed {duties.owed}, done "
                "{duties.done}, missing {duties.missing}.")),
        figures=("registry.enterprises", "registry.people", "registry.on_duty", "registry.hired", "registry.left")),
    Part(key="testing", zh="核酸检测", en="Testing", clauses=(
        Said(zh="共采样{screening.tubes}管、{screening.person_tests}人次；应采人员中已采{screening.sampled}人次，"
                "未采{screening.missing}人次。",
             en="Tubes filled: {screening.tubes}, with {screening.person_tests} swabs; of those who owe one, sampled "
                "{screening.sampled}, missing {screening.missing}."),
        Said(zh="已出结果{screening.tubes_reported}管，其中非阴性{screening.tubes_not_negative}管，"
                "待单采复核{screening.retests_open}人。",
             en="Tubes with a result: {screening.tubes_reported}, not negative {screening.tubes_not_negative}; people to be "
                "sampled alone: {screening.retests_open}.")),
        figures=("screening.rounds", "screening.tubes", "screening.person_tests", "screening.owed", "screening.sampled",
                 "screening.excused", "screening.missing", "screening.walk_ins", "screening.unknown_scanners",
                 "screening.tubes_reported", "screening.tubes_not_negative", "screening.tubes_late", "screening.retests_open")),
    Part(key="health", zh="健康监测", en="Health monitoring", clauses=(
        Said(when="tracing.flagged", zh="外地推送人员{tracing.flagged}人，其中逾期未处置{tracing.flagged_late}人。",
             en="People flagged by other places: {tracing.flagged}, not acted on in time {tracing.flagged_late}."),
        Said(when="tracing.returnees_unchecked", zh="返岗人员未核查{tracing.returnees_unchecked}人。",
             en="Returnees not checked: {tracing.returnees_unchecked}.")),
        figures=("duties.temperatures_high", "duties.remote", "duties.returnees", "duties.returnee_lists_late", "tracing.flagged",
                 "tracing.flagged_late", "tracing.returnees_unchecked")),
    Part(key="duties", zh="应办事项", en="Duties", clauses=(
        Said(zh="各项应办事项共{duties.owed}项次，已办{duties.done}项次，免办{duties.excused}项次，未办{duties.missing}项次。",
             en="All duties together: owed {duties.owed}, done {duties.done}, excused {duties.excused}, missing "
                "{duties.missing}."),
        Said(zh="按企业当日评分，绿牌企业{duties.enterprises_green}家，红牌企业{duties.enterprises_red}家。",
             en="By the score of the day, enterprises green: {duties.enterprises_green}; red: {duties.enterprises_red}."),
        Said(when="closing.days_closed",
             zh="已封存{closing.days_closed}天，封存时未办{closing.missed}项次，封存后迟到记录{closing.late}条。",
             en="Days closed: {closing.days_closed}; missed on them {closing.missed}; rows that came afterwards {closing.late}.")),
        figures=("duties.owed", "duties.done", "duties.excused", "duties.missing", "duties.enterprises_green",
                 "duties.enterprises_red", "duties.disinfections", "duties.disinfections_unchecked", "duties.drills",
                 "duties.hygiene_checks", "duties.officers_untrained", "closing.days_closed", "closing.missed", "closing.late")),
    Part(key="responsibility", zh="责任体系", en="Responsibility", clauses=(
        Said(zh="设专项小组{registry.task_groups}个；园区长{registry.officers.park_chief}人，"
                "小组长{registry.officers.group_leader}人，网格长{registry.officers.grid_leader}人，"
                "企业长{registry.officers.enterprise_chief}人，防疫专员{registry.officers.prevention}人。",
             en="Task groups: {registry.task_groups}; park chiefs {registry.officers.park_chief}, group leaders "
                "{registry.officers.group_leader}, grid leaders {registry.officers.grid_leader}, enterprise chiefs "
                "{registry.officers.enterprise_chief}, prevention officers {registry.officers.prevention}."),
        Said(zh="各工作机构已填报当日数据{briefs.filings}份，未填报{briefs.filings_missing}份，"
                "数据不一致{briefs.filings_differing}项。",
             en="Sets of figures filed by the groups: {briefs.filings}, missing {briefs.filings_missing}; facts that differ: "
                "{briefs.filings_differing}.")),
        figures=("registry.task_groups", "registry.officers.park_chief", "registry.officers.group_leader",
                 "registry.officers.grid_leader", "registry.officers.enterprise_chief", "registry.officers.prevention",
                 "registry.officers.sampler", "registry.officers.scanner", "screening.enterprises_with_point_due",
                 "screening.enterprises_short", "registry.unanswered", "briefs.filings",
                 "briefs.filings_missing", "briefs.filings_differing")),
    Part(key="telling", zh="信息告知", en="Telling people", clauses=(
        Said(zh="共发通知{journal.notices}份，接收{journal.notices_written}人次，已读{journal.notices_read}人次，"
                "未读或未确认{journal.notices_open}人次。",
             en="Notices: {journal.notices}, written to {journal.notices_written} people; read {journal.notices_read}, not read or "
                "not confirmed {journal.notices_open}."),),
        figures=("journal.notices", "journal.notices_written", "journal.notices_sent", "journal.notices_delivered",
                 "journal.notices_read", "journal.notices_acknowledged", "journal.notices_open")),
    Part(key="rules", zh="规则执行", en="Rules", figures=("rulebook.duties", "rulebook.stricter")),
    Part(key="problems", zh="存在问题", en="Problems"),
    Part(key="next", zh="下一步", en="Next steps"),
)

PROBLEMS: tuple[Problem, ...] = (
    Problem(figure="screening.tubes_not_negative",
            found=Said(zh="非阴性试管{screening.tubes_not_negative}管，待单采复核{screening.retests_open}人。",
                       en="Tubes not negative: {screening.tubes_not_negative}; people to be sampled alone: "
                          "{screening.retests_open}."),
            follows=Said(zh="对非阴性试管所涉人员立即管控并逐一单采复核。",
                         en="Hold everybody in these tubes and sample each alone at once.")),
    Problem(figure="tracing.flagged_late",
            found=Said(zh="外地推送人员逾期未处置{tracing.flagged_late}人。",
                       en="Flagged people not acted on in time: {tracing.flagged_late}."),
            follows=Said(zh="由责任人立即找到人并处置，查无此人的退回推送单位。",
                         en="Who answers finds each at once and acts; whoever is not here is returned to where it was told.")),
    Problem(figure="screening.missing",
            found=Said(zh="未采{screening.missing}人次。", en="Samples missing: {screening.missing}."),
            follows=Said(zh="由防疫专员逐人通知未采人员，网格长督促，限时补采。",
                         en="Prevention officers call everybody who is missing; grid leaders see that each is sampled.")),
    Problem(figure="duties.missing",
            found=Said(zh="各项应办事项未办{duties.missing}项次。", en="Duties not done: {duties.missing}."),
            follows=Said(zh="由班组长逐人核实未办原因，当日补齐或按规定免办。",
                         en="Team leaders ask each person why; it is done the same day or excused by rule.")),
    Problem(figure="duties.temperatures_high",
            found=Said(zh="体温异常{duties.temperatures_high}人次。", en="High temperatures: {duties.temperatures_high}."),
            follows=Said(zh="体温异常人员立即离岗，送发热门诊排查并跟踪结果。",
                         en="Send everybody with a high temperature off duty and to a fever clinic, and follow each up.")),
    Problem(figure="duties.disinfections_unchecked",
            found=Said(zh="消毒记录未经复核{duties.disinfections_unchecked}条。",
                       en="Disinfections that nobody has checked: {duties.disinfections_unchecked}."),
            follows=Said(zh="由操作人以外的人员复核消毒记录。", en="Have each checked by somebody else than who did it.")),
    Problem(figure="duties.officers_untrained",
            found=Said(zh="未经培训上岗的专员{duties.officers_untrained}人。",
                       en="Officers who serve without training: {duties.officers_untrained}."),
            follows=Said(zh="未经培训的专员先培训后上岗。", en="Train them before they go on.")),
    Problem(figure="screening.enterprises_short",
            found=Said(zh="应设采样点企业{screening.enterprises_with_point_due}家中，一点三专员不全{screening.enterprises_short}家。",
                       en="Of {screening.enterprises_with_point_due} enterprises that need a point and trained officers, "
                          "{screening.enterprises_short} lack something."),
            follows=Said(zh="督促有关企业设采样点，配齐并培训防疫、采样、扫码专员。",
                         en="Have each set up its point, and put trained officers in charge.")),
    Problem(figure="duties.returnee_lists_late",
            found=Said(zh="逾期未报返岗人员名单的企业{duties.returnee_lists_late}家。",
                       en="Enterprises whose list of returning staff is late: {duties.returnee_lists_late}."),
            follows=Said(zh="督促逾期企业当日报送返岗人员名单。", en="Have the late lists sent the same day.")),
    Problem(figure="duties.enterprises_red",
            found=Said(zh="红牌企业{duties.enterprises_red}家，原因见附件。",
                       en="Red enterprises: {duties.enterprises_red}; the reasons stand in the annex."),
            follows=Said(zh="约谈红牌企业企业长，次日复查。",
                         en="Speak with the chief of each red enterprise, and look again the next day.")),
    Problem(figure="registry.unanswered",
            found=Said(zh="无人负责的企业、网格和班组{registry.unanswered}处。",
                       en="Enterprises, grids and teams for which nobody answers: {registry.unanswered}."),
            follows=Said(zh="逐一明确责任人，补齐责任链条。", en="Put somebody in charge of each.")),
    Problem(figure="screening.walk_ins",
            found=Said(zh="台账外采样{screening.walk_ins}人次。",
                       en="Samples of people who are not on the roster: {screening.walk_ins}."),
            follows=Said(zh="核对台账外采样人员，补录人员台账。", en="Find out who they are, and enter them on the roster.")),
    Problem(figure="screening.unknown_scanners",
            found=Said(zh="扫码员不明的采样{screening.unknown_scanners}人次。",
                       en="Samples bound by somebody unknown: {screening.unknown_scanners}."),
            follows=Said(zh="核对扫码专员名单。", en="Check the list of scanning officers.")),
    Problem(figure="screening.tubes_late",
            found=Said(zh="超时未出或迟出结果{screening.tubes_late}管。",
                       en="Tubes reported late or not yet: {screening.tubes_late}."),
            follows=Said(zh="督促检测机构按委托约定时限出具结果。", en="Hold the laboratories to the hours of their contracts.")),
    Problem(figure="briefs.filings_missing",
            found=Said(zh="未填报当日数据{briefs.filings_missing}份。",
                       en="Sets of figures not filed: {briefs.filings_missing}."),
            follows=Said(zh="督促有关工作机构按时填报。", en="Remind the bodies that have not filed.")),
    Problem(figure="briefs.filings_differing",
            found=Said(zh="数据不一致{briefs.filings_differing}项。", en="Facts that differ: {briefs.filings_differing}."),
            follows=Said(zh="提交联席会商，由填报单位说明。", en="Take them to the joint meeting; who filed them explains.")),
    Problem(figure="rulebook.stricter",
            found=Said(zh="严于国家规定的本地规定{rulebook.stricter}项，存在层层加码。",
                       en="Local rules stricter than the national one: {rulebook.stricter}."),
            follows=Said(zh="逐项核实加码规定的依据，无依据的予以取消。",
                         en="Check what each rests on, and lift those that rest on nothing.")),
)

OPENING = Said(zh="现将{period}园区疫情防控工作情况报告如下。",
               en="This brief reports the work of epidemic control in the park, {period}.")
NO_RULES = Said(zh="未采用政策版本，无应办事项。", en="No policy release was adopted, so nothing is asked.")
RULES = Said(zh="执行《{release}》，现行应办事项{{rulebook.duties}}项。",
             en="The park goes by {release}; duties in force: {{rulebook.duties}}.")
STRICTER = Said(zh="严于国家规定的本地规定{rulebook.stricter}项，两种规定列示如下。",
                en="Local rules stricter than the national one: {rulebook.stricter}; both stand below.")
NOT_STRICTER = Said(zh="没有严于国家规定的本地规定。", en="No local rule is stricter than the national one.")
ASKED = Said(zh="体温、症状和抗原监测按时段列示如下。",
             en="Temperature, symptoms and antigen tests, by duty and window:")
NOT_ASKED = Said(zh="本期无此类应办事项。", en="Nothing of this kind was asked in the period.")
RED = Said(zh="红牌企业：{enterprises}。", en="Red enterprises: {enterprises}.")
MORE = Said(zh="等{count}家", en=" and others, {count} in all")
NO_PROBLEM = Said(zh="未发现需要报告的问题。", en="Nothing was found that must be reported.")
KEEP_ON = Said(zh="继续落实各项防控措施。", en="Carry on with the measures in force.")

WORDS: Mapping[str, Said] = {
    "title": Said(zh="疫情防控工作简报", en="Epidemic control brief"),
    "draft": Said(zh="（草稿，未编号）", en="(draft, not numbered)"),
    "number": Said(zh="〔{year}〕第{number}号", en="No. {number} of {year}"),
    "corrects": Said(zh="（更正{number}）", en=" (corrects {number})"),
    "period": Said(zh="统计期间", en="Period"),
    "issuer": Said(zh="编制单位", en="Issued by"),
    "date": Said(zh="日期", en="Date"),
    "annex": Said(zh="附件：各项指标及明细（Excel）", en="Annex: every figure with its rows (Excel)"),
    "figure": Said(zh="指标", en="Figure"),
    "value": Said(zh="数值", en="Value"),
    "unit": Said(zh="单位", en="Unit"),
    "before": Said(zh="前一日", en="Day before"),
    "difference": Said(zh="较前一日", en="Difference"),
    "since": Said(zh="较前一日", en="since the day before"),
    "duty": Said(zh="应办事项", en="Duty"),
    "window": Said(zh="时段", en="Window"),
    "owed": Said(zh="应办", en="Owed"),
    "done": Said(zh="已办", en="Done"),
    "excused": Said(zh="免办", en="Excused"),
    "missing": Said(zh="未办", en="Missing"),
    "rule": Said(zh="规则", en="Rule"),
    "national": Said(zh="国家规定", en="National rule"),
    "local": Said(zh="本地规定", en="Local rule"),
    "basis": Said(zh="依据", en="Rests on"),
    "fingerprint": Said(zh="校验码", en="Fingerprint"),
    "published_by": Said(zh="签发", en="Published by"),
    "page": Said(zh="第{page}页，共{pages}页", en="Page {page} of {pages}"),
}
