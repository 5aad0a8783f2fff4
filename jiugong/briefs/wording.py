"""The brief in words: as a Chinese office files it, and in English. Every number is a figure with a name.

A document is plain data, so that it can be kept as it was published; page, Word, PDF and Markdown are made of it.
A piece of a clause is (text, figure): a text, a figure whose value stands there, or a share of a figure as a text.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypedDict

from django.utils import translation

from jiugong.briefs import sentences
from jiugong.briefs.figures import BY_KEY
from jiugong.briefs.logic import Colour
from jiugong.briefs.queries import Composed
from jiugong.briefs.rules import release_in_words, stricter_rules
from jiugong.briefs.scope import Scope
from jiugong.briefs.score import Scored, scores
from jiugong.briefs.sentences import CHINESE, ENGLISH, PARTS, PROBLEMS, WORDS
from jiugong.briefs.windows import HEALTH, Asking, duties_of
from jiugong.registry.models import Body, holds_on
from jiugong.registry.words import BodyKind
from jiugong.rulebook.queries import Stricter

LANGUAGES = (CHINESE, ENGLISH)
NUMERALS = "一二三四五六七八九十"
COUNTED = ("owed", "done", "excused", "missing")
MOST_NAMED = 10                                                  # red enterprises that a brief names; the annex has all

Piece = list[str]                                               # [text, figure], one of them may be empty


class Listed(TypedDict):
    """A figure as it is listed below a part."""

    key: str
    name: str
    unit: str


class Table(TypedDict):
    """A small table inside a part."""

    head: list[str]
    rows: list[list[Piece]]
    numbers: int                                                # how many columns at the end hold numbers


class Written(TypedDict):
    """One part of a document."""

    key: str
    heading: str
    clauses: list[list[Piece]]
    figures: list[Listed]
    table: Table | None


class Document(TypedDict):
    """A whole brief in one language, without its number and without the values of its figures."""

    language: str
    title: str
    issuer: str
    period: str
    opening: str
    parts: list[Written]


def _keys() -> Iterable[str]:
    for part in PARTS:
        yield from part.figures
        for clause in part.clauses:
            yield from re.findall(r"\{([\w.]+)\}", clause.zh)
    for problem in PROBLEMS:
        yield problem.figure
        yield from re.findall(r"\{([\w.]+)\}", problem.found.zh)


KEYS: tuple[str, ...] = tuple(dict.fromkeys(_keys()))           # every figure of which a brief speaks
SECTIONS = {CHINESE: tuple((part.zh, part.figures) for part in PARTS)}


def document(composed: Composed, language: str) -> Document:
    """The brief in one language."""
    with translation.override(language):
        return _document(composed, language)


def _document(composed: Composed, language: str) -> Document:
    scope = composed.scope
    parts: list[Written] = []
    for at, part in enumerate(PARTS):
        numbered = f"{NUMERALS[at]}、" if language == CHINESE else f"{at + 1}. "
        clauses = [pieces(clause.in_(language)) for clause in part.clauses if not clause.when or composed.figures[clause.when]]
        parts.append(Written(key=part.key, heading=numbered + part.heading(language), figures=_listed(part.figures, language),
                             clauses=clauses + _more(part.key, composed, language), table=_table(part.key, scope, language)))
    return Document(language=language, title=title(scope, language), issuer=_issuer(scope), period=period(scope, language),
                    opening=sentences.OPENING.in_(language).format(period=period(scope, language)), parts=parts)


def pieces(sentence: str) -> list[Piece]:
    """A sentence cut at its figures."""
    cut = re.split(r"\{([\w.]+)\}", sentence)
    return [[part, ""] if at % 2 == 0 else ["", part] for at, part in enumerate(cut) if part]


def said(clause: list[Piece], figures: Mapping[str, int]) -> str:
    """A clause as one text."""
    return "".join(text or f"{figures[key]:,}" for text, key in clause)


def numbered(at: int, language: str) -> str:
    """The number before a clause, from 1."""
    return f"（{_numeral(at)}）" if language == CHINESE else f"({at}) "


def _numeral(at: int) -> str:
    """A number as Chinese counts: 一, 十, 十一, 二十, 二十一."""
    tens, ones = divmod(at, 10)
    if not tens:
        return NUMERALS[ones - 1]
    return (NUMERALS[tens - 1] if tens > 1 else "") + "十" + (NUMERALS[ones - 1] if ones else "")


def title(scope: Scope, language: str) -> str:
    """The brief's title."""
    what = WORDS["title"].in_(language)
    return f"{scope.park.name}{what}" if language == CHINESE else f"{scope.park.name}: {what}"


def number(year: int, number: int, language: str) -> str:
    """The number under which an office files a brief."""
    return WORDS["number"].in_(language).format(year=year, number=number)


def in_words(day: date, language: str) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if language == CHINESE else day.isoformat()


def period(scope: Scope, language: str) -> str:
    """From which day to which the figures count."""
    return period_of(scope.first, scope.last, language)


def period_of(first_day: date, last_day: date, language: str) -> str:
    """Two days as one period."""
    first, last = in_words(first_day, language), in_words(last_day, language)
    if first == last:
        return first
    return f"{first}至{last}" if language == CHINESE else f"{first} to {last}"


def opening(composed: Composed, language: str) -> str:
    """What the first part says, as one text."""
    return "".join(said(pieces(clause.in_(language)), composed.figures) for clause in PARTS[0].clauses)


def as_markdown(composed: Composed, language: str, number: str = "") -> str:
    """The whole brief as Markdown; without a number it is a draft."""
    written, zh = document(composed, language), language == CHINESE
    lines = [f"# {written['title']}", "", number or WORDS["draft"].in_(language), "",
             f"{WORDS['period'].in_(language)}{'：' if zh else ': '}{written['period']}", "", written["opening"]]
    for part in written["parts"]:
        lines += ["", f"## {part['heading']}", ""]
        lines += [f"{numbered(at, language)}{said(clause, composed.figures)}\n"
                  for at, clause in enumerate(part["clauses"], start=1)]
        if part["table"]:
            cells = [[text for text, _key in row] for row in part["table"]["rows"]]
            rows = [part["table"]["head"], ["---"] * len(part["table"]["head"]), *cells]
            lines += [f"| {' | '.join(row)} |" for row in rows] + [""]
        for each in part["figures"]:
            value, change = composed.figures[each["key"]], f"{WORDS['since'].in_(language)} {composed.difference(each['key']):+d}"
            lines.append(f"- {each['name']} {value} {each['unit']}（{change}） `{each['key']}`" if zh else
                         f"- {each['name']}: {value} {each['unit']} ({change}) `{each['key']}`")
    return "\n".join([*lines, "", written["issuer"], "", in_words(composed.scope.last, language), ""])


# what only the period itself can say --------------------------------------------------------------------------------

def _more(part: str, composed: Composed, language: str) -> list[list[Piece]]:
    """The clauses that are not the same in every brief: by duty, by rule, by problem."""
    scope = composed.scope
    if part == "health":
        asked = any(each.evidence in HEALTH and each.covered.owed for each in duties_of(scope))
        return [[[(sentences.ASKED if asked else sentences.NOT_ASKED).in_(language), ""]]]
    if part == "duties":
        return _red(scope, language)
    if part == "rules":
        return _rules(scope, composed.figures, language)
    met = [problem for problem in PROBLEMS if composed.figures[problem.figure]]
    if part == "problems":
        return [pieces(each.found.in_(language)) for each in met] or [[[sentences.NO_PROBLEM.in_(language), ""]]]
    if part == "next":
        return [[[each.follows.in_(language), ""]] for each in met] or [[[sentences.KEEP_ON.in_(language), ""]]]
    return []


def _duties(asked: Iterable[Asking], scope: Scope, language: str) -> Table | None:
    """One line for each duty in each window of the day; over several days its windows are added up."""
    found: dict[tuple[str, str], list[Asking]] = {}
    for each in asked:
        if each.covered.owed:
            found.setdefault((each.of, each.hours(scope)), []).append(each)
    rows: list[list[Piece]] = []
    for (_of, hours), same in sorted(found.items()):
        counts = [[f"{sum(getattr(one.covered, which) for one in same):,}", f"duties.{which}"] for which in COUNTED]
        rows.append([[same[0].title.zh_hans if language == CHINESE else same[0].title.en, ""], [hours, ""], *counts])
    head = [WORDS[each].in_(language) for each in ("duty", "window", *COUNTED)]
    return Table(head=head, rows=rows, numbers=len(COUNTED)) if rows else None


def _red(scope: Scope, language: str) -> list[list[Piece]]:
    red = [each for each in scores(scope) if each.colour is Colour.RED]
    if not red:
        return []
    comma = "、" if language == CHINESE else ", "
    named = comma.join(_with_reason(each, language) for each in red[:MOST_NAMED])
    more = sentences.MORE.in_(language).format(count=len(red)) if len(red) > MOST_NAMED else ""
    before, after = sentences.RED.in_(language).split("{enterprises}")
    return [[[before, ""], [named + more, "duties.enterprises_red"], [after, ""]]]


def _with_reason(each: Scored, language: str) -> str:
    """An enterprise with what it missed most."""
    worst = each.reasons[0]
    if language == CHINESE:
        return f"{each.enterprise.name}（{worst.asking.title.zh_hans}缺{worst.covered.missing}）"
    return f"{each.enterprise.name} ({worst.asking.title.en}: {worst.covered.missing} missing)"


def _rules(scope: Scope, figures: Mapping[str, int], language: str) -> list[list[Piece]]:
    release = release_in_words(scope, language)
    if not release:
        return [[[sentences.NO_RULES.in_(language), ""]]]
    strict = sentences.STRICTER if figures["rulebook.stricter"] else sentences.NOT_STRICTER
    before, after = sentences.RULES.in_(language).split("{release}")
    first = [[before + release, ""], *pieces(after.replace("{{", "{").replace("}}", "}"))]
    return [first, pieces(strict.in_(language))]


def _table(part: str, scope: Scope, language: str) -> Table | None:
    if part in ("health", "duties"):
        return _duties((each for each in duties_of(scope) if (each.evidence in HEALTH) == (part == "health")), scope, language)
    strict = stricter_rules(scope) if part == "rules" else []
    head = [WORDS[each].in_(language) for each in ("rule", "national", "local", "basis")]
    return Table(head=head, rows=[_beside(each, language) for each in strict], numbers=0) if strict else None


def _beside(each: Stricter, language: str) -> list[Piece]:
    title = each.title.zh_hans if language == CHINESE else each.title.en
    return [[text or "—", ""] for text in (title, each.national, each.local, each.basis)]


def _listed(keys: Iterable[str], language: str) -> list[Listed]:
    zh = language == CHINESE
    return [Listed(key=key, name=BY_KEY[key].zh if zh else BY_KEY[key].en,
                   unit=BY_KEY[key].unit_zh if zh else BY_KEY[key].unit_en) for key in keys]


def _issuer(scope: Scope) -> str:
    """Who signs: the park's leading group, else the park itself."""
    leading = Body.objects.filter(holds_on(scope.last), park=scope.park, kind=BodyKind.LEADING_GROUP).order_by("pk").first()
    if leading is None:
        return scope.park.name
    return leading.name if scope.park.name in leading.name else f"{scope.park.name}{leading.name}"


__all__ = ["KEYS", "LANGUAGES", "SECTIONS", "Document", "as_markdown", "document", "in_words", "number", "numbered",
           "opening", "period", "period_of", "pieces", "said", "title"]
