"""The brief in words: as a Chinese office would file it, and in English. Every number is a figure with a name."""

import re
from datetime import date

from jiugong.briefs.figures import BY_KEY
from jiugong.briefs.queries import Brief

SECTIONS = {
    "zh-hans": (
        ("责任体系", ("registry.enterprises", "registry.people", "registry.on_duty", "registry.task_groups",
                   "registry.officers.park_chief", "registry.officers.group_leader", "registry.officers.grid_leader",
                   "registry.officers.enterprise_chief", "registry.officers.prevention_officer",
                   "registry.officers.sampler", "registry.officers.scanner", "registry.unanswered")),
        ("核酸检测", ("screening.rounds", "screening.tubes", "screening.person_tests", "screening.owed", "screening.sampled",
                   "screening.excused", "screening.missing", "screening.walk_ins", "screening.unknown_scanners")),
        ("检测结果", ("screening.tubes_reported", "screening.tubes_not_negative", "screening.retests_open")),
        ("日常义务", ("duties.owed", "duties.done", "duties.excused", "duties.missing")),
    ),
}
OPENING = {
    "zh-hans": "，园区组织核酸检测{screening.rounds}轮，采样{screening.tubes}管、{screening.person_tests}人次；"
               "应检{screening.owed}人次，已检{screening.sampled}人次，请假{screening.excused}人次，"
               "未检{screening.missing}人次。已出结果{screening.tubes_reported}管，其中非阴性{screening.tubes_not_negative}管，待单采复核{screening.retests_open}人。园区在册企业{registry.enterprises}家，"
               "在岗{registry.on_duty}人，设专项小组{registry.task_groups}个，企业长{registry.officers.enterprise_chief}人。"
               "现将有关情况报告如下。",
    "en": ": the park held {screening.rounds} rounds of testing with {screening.tubes} tubes and {screening.person_tests} "
          "person-tests. Owed {screening.owed}, sampled {screening.sampled}, excused {screening.excused}, missing "
          "{screening.missing}. Results are in for {screening.tubes_reported} tubes, {screening.tubes_not_negative} of them not "
          "negative; {screening.retests_open} people are to be sampled alone. On the roster are {registry.enterprises} "
          "enterprises with {registry.on_duty} people on duty, {registry.task_groups} task groups and "
          "{registry.officers.enterprise_chief} enterprise chiefs.",
}
ENGLISH = {"责任体系": "Responsibility", "核酸检测": "Testing", "检测结果": "Results", "日常义务": "Daily duties"}
NUMERALS = "一二三四五六七八九十"


def title(brief: Brief, language: str) -> str:
    """The brief's title."""
    park = brief.scope.park.name
    return f"{park}疫情防控工作简报" if language == "zh-hans" else f"{park}: epidemic control brief"


def number(brief: Brief) -> str:
    """The number under which an office would file it: the year and the day of the year."""
    last = brief.scope.last
    return f"〔{last.year}〕第{last.timetuple().tm_yday}号"


def in_words(day: date, language: str) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if language == "zh-hans" else day.isoformat()


def period(brief: Brief, language: str) -> str:
    """From which day to which the figures count."""
    first, last = in_words(brief.scope.first, language), in_words(brief.scope.last, language)
    if first == last:
        return first
    return f"{first}至{last}" if language == "zh-hans" else f"{first} to {last}"


def told(brief: Brief, language: str) -> list[tuple[str, str]]:
    """The opening paragraph, in pieces of (text, figure): a piece is a text, or the figure whose value stands there."""
    sentence = OPENING[language]
    pieces: list[tuple[str, str]] = []
    for at, part in enumerate(re.split(r"\{([\w.]+)\}", sentence)):
        pieces.append((part, "") if at % 2 == 0 else ("", part))
    return [(period(brief, language), ""), *pieces]


def opening(brief: Brief, language: str) -> str:
    """The opening paragraph as one text."""
    return "".join(text or f"{brief.figures[key]:,}" for text, key in told(brief, language))


def paragraphs(brief: Brief, language: str) -> list[tuple[str, list[tuple[str, str, int, str, int]]]]:
    """Sections as (heading, [(key, name, value, unit, difference from yesterday)])."""
    told = []
    for at, (heading, keys) in enumerate(SECTIONS["zh-hans"]):
        lines = []
        for key in keys:
            figure = BY_KEY[key]
            name, unit = (figure.zh, figure.unit_zh) if language == "zh-hans" else (figure.en, figure.unit_en)
            lines.append((key, name, brief.figures[key], unit, brief.difference(key)))
        numbered = f"{NUMERALS[at]}、{heading}" if language == "zh-hans" else f"{at + 1}. {ENGLISH[heading]}"
        told.append((numbered, lines))
    return told


def as_markdown(brief: Brief, language: str) -> str:
    """The whole brief as Markdown."""
    zh = language == "zh-hans"
    lines = [f"# {title(brief, language)}", "", number(brief) if zh else f"No. {brief.scope.last:%Y}-{brief.scope.last:%j}",
             "", f"{'统计期间' if zh else 'Period'}：{period(brief, language)}" if zh else f"Period: {period(brief, language)}"]
    lines += ["", opening(brief, language)]
    for heading, figures in paragraphs(brief, language):
        lines += ["", f"## {heading}", ""]
        for key, name, value, unit, difference in figures:
            change = f"{'较前一日' if zh else 'since the day before'} {difference:+d}"
            lines.append(f"- {name} {value} {unit}（{change}） `{key}`" if zh else f"- {name}: {value} {unit} ({change}) `{key}`")
    lines += ["", brief.scope.park.name, "", in_words(brief.scope.last, language), ""]
    return "\n".join(lines)
