"""How releases, verdicts, comparisons and checks read on a Chinese officer's screen, line by line."""

import json
from collections.abc import Iterator
from datetime import date
from typing import cast

from jiugong.policy.cadence import Cadence, DaysAfter, DaysOfMonth, EveryFewDays, Once, Weekly, WithinDays
from jiugong.policy.cases import Report
from jiugong.policy.comparing import Comparison, Days
from jiugong.policy.controls import Phase
from jiugong.policy.dated import Dated
from jiugong.policy.duties import DutyTerms
from jiugong.policy.packs import Pack
from jiugong.policy.plain import Plain, plain
from jiugong.policy.release import Release
from jiugong.policy.selectors import Comparison as Compared
from jiugong.policy.selectors import Condition
from jiugong.policy.verdict import Verdict

MODES = {"central_quarantine": "集中隔离", "home_isolation": "居家隔离", "home_monitoring": "居家健康监测",
         "medical_observation": "医学观察", "away_from_work": "离岗休息", "mosquito_proof_isolation": "防蚊隔离"}
COMPARED = {Compared.IS: "是", Compared.IS_NOT: "不是", Compared.IN: "属于", Compared.NOT_IN: "不属于",
            Compared.AT_LEAST: "不早于", Compared.AT_MOST: "不晚于", Compared.EXISTS: "已填"}


def pack_line(pack: Pack) -> str:
    """One pack on one line."""
    amends = f"，修订 {pack.amends}" if pack.amends else ""
    historical = "，历史文本" if pack.historical else ""
    end = f"，{pack.end} 起失效" if pack.end else ""
    return f"{pack.key}  {pack.title.zh_hans}（{pack.first_day} 起{end}{amends}{historical}）"


def release_lines(release: Release) -> Iterator[str]:
    """A whole release: every rule, every value, and what it rests on."""
    yield pack_line(release.pack)
    yield f"依据：{release.pack.basis}"
    yield f"效力指纹 {release.fingerprint.effect[:12]}，文字指纹 {release.fingerprint.words[:12]}"
    for key, rule in release.rules.items():
        yield ""
        yield f"{key}  {rule.title.zh_hans}（{rule.reviewed_on} 复核）"
        for one in rule.values:
            yield f"  {one.first_day} 起：{value_text(one.value) if isinstance(one, Dated) else '终止'}"
            yield f"    依据：{one.basis}"
            if one.note:
                yield f"    说明：{one.note.zh_hans}"


def verdict_lines(verdict: Verdict, question: str, day: date) -> Iterator[str]:
    """An answer and its reasons."""
    yield f"{question}（{verdict.release}，{day}）"
    answers = verdict.answer if isinstance(verdict.answer, list) else [verdict.answer]
    for one in answers or ["无：该类别已取消，或当日无须履行。"]:
        yield f"  {_answer_text(one)}"
    yield "理由："
    for reason in verdict.because:
        met = "符合" if reason.met else "不符"
        yield f"  {met}  {reason.fact}：{_as_json(reason.found)}，要求 {_as_json(reason.needed)}"
        yield f"    {reason.by_which_document}"


def comparison_lines(comparison: Comparison) -> Iterator[str]:
    """Where two releases differ."""
    for key, stretches in ((comparison.left, comparison.only_left), (comparison.right, comparison.only_right)):
        for days in stretches:
            yield f"{_span(days)} 只有 {key} 有效。"
    for difference in comparison.differences:
        yield f"{difference.key}  {difference.title.zh_hans}（{_span(difference.days)}）"
        for key, side in ((comparison.left, difference.left), (comparison.right, difference.right)):
            yield f"  {key}：{value_text(side.value) + '  ' + str(side.basis) if side else '没有规定'}"
    if not comparison.differences:
        yield f"{comparison.left} 与 {comparison.right} 同时有效的日子里没有差别。"


def report_lines(report: Report) -> Iterator[str]:
    """How a pack came through its cases."""
    yield f"{report.pack}：{report.cases} 个用例，{'全部通过' if report.passed else '未通过'}。"
    for failure in report.failures:
        yield f"  {failure.where}（{failure.day}）{failure.name}"
        yield f"    应为 {_as_json(failure.expected)}"
        yield f"    实为 {_as_json(failure.found)}"
    for missing in report.missing:
        yield f"  缺少用例：{missing}"


def value_text(value: object) -> str:
    """A value in words where it has some, otherwise as data."""
    if isinstance(value, DutyTerms):
        who = "，".join(_condition_text(condition) for condition in value.who.conditions) or "全部"
        return f"{who}；{_cadence_text(value.cadence)}"
    if isinstance(value, tuple) and value and isinstance(value[0], Phase):
        return "；".join(_phase_text(phase) for phase in value)
    if value == ():
        return "无（该类别已取消）"
    return _as_json(plain(value))


def _answer_text(answer: Plain) -> str:
    if isinstance(answer, dict) and isinstance(answer.get("tests_on"), list):
        tests = "、".join(map(str, cast(list[Plain], answer["tests_on"])))
        return f"{MODES[str(answer['mode'])]} {answer['first_day']} 至 {answer['last_day']}，检测日 {tests or '无'}"
    if isinstance(answer, dict) and "from" in answer:
        back = f"自 {answer['since']} 起，" if "since" in answer else ""
        return f"{back}{answer['from']}–{answer['until']}"
    return answer if isinstance(answer, str) else _as_json(answer)


def _phase_text(phase: Phase) -> str:
    tests = f"，第 {'、'.join(map(str, phase.tests))} 天检测" if phase.tests else ""
    return f"{MODES[phase.mode]} {phase.days} 天{tests}"


def _condition_text(condition: Condition) -> str:
    return f"{condition.fact} {COMPARED[condition.comparison]} {_as_json(plain(condition.needed))}"


def _cadence_text(cadence: Cadence) -> str:
    days = cadence.days
    hours = "、".join(f"{hours.first:%H:%M}–{hours.last:%H:%M}" for hours in cadence.hours)
    if isinstance(days, EveryFewDays):
        return f"自 {days.counted_from} 起每 {days.days} 天，{hours}"
    if isinstance(days, DaysOfMonth):
        short = "当月无此日则在月末" if days.in_short_month == "last_day" else "当月无此日则略过"
        return f"每月 {'、'.join(map(str, days.days))} 日（{short}），{hours}"
    if isinstance(days, Weekly):
        return f"每周{'、'.join('一二三四五六日'[weekday] for weekday in days.weekdays)}，{hours}"
    if isinstance(days, DaysAfter):
        return f"{days.event} 后第 {'、'.join(map(str, days.days))} 天（当日为第 {days.day_index_base} 天），{hours}"
    if isinstance(days, WithinDays):
        return f"每天，{days.days} 天内做过一次即可（含当天），{hours}"
    if isinstance(days, Once):
        return "一次即可"
    return f"每天 {hours}"


def _as_json(data: Plain) -> str:
    return json.dumps(data, ensure_ascii=False)


def _span(days: Days) -> str:
    return f"{days.first_day} 至 {days.last_day}" if days.last_day else f"{days.first_day} 起"
