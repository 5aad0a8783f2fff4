"""What the bodies filed, which of them have not, and the figures on which they differ."""

from collections.abc import Iterable
from datetime import date

from jiugong.briefs.filed import Differing, Owing, differing, lies_within, owing_between
from jiugong.briefs.rows.line import Line
from jiugong.briefs.scope import Scope
from jiugong.lib import days


def _days(scope: Scope) -> list[tuple[date, Owing]]:
    """Every body within the reach that files, on every day that has begun."""
    through = min(scope.last, days.day_of(scope.at, scope.park.zone))
    return scope.once("filings", lambda: [(day, each) for day, each in owing_between(scope.park, scope.first, through)
                                          if each.keys and lies_within(scope.reach, each)])


def _filed(scope: Scope) -> list[tuple[date, Owing]]:
    return [(day, each) for day, each in _days(scope) if each.filing and each.filing.filed_at <= scope.at]


def _missing(scope: Scope) -> list[tuple[date, Owing]]:
    return [(day, each) for day, each in _days(scope) if not each.filing or each.filing.filed_at > scope.at]


def _differing(scope: Scope) -> list[tuple[date, Differing]]:
    by_day: dict[date, list[Owing]] = {}
    for day, each in _filed(scope):
        by_day.setdefault(day, []).append(each)
    return [(day, one) for day, bodies in by_day.items() for one in differing(bodies)]


def filings(scope: Scope) -> Iterable[Line]:
    for day, each in _filed(scope):
        if filing := each.filing:
            yield Line(facts={"day": day.isoformat(), "body": each.body.name, "kind": each.body.kind,
                              "filed_by": filing.filed_by_name, "filed_at": filing.filed_at_local,
                              "late": filing.late, "figures": len(filing.figures.all())})


def filings_missing(scope: Scope) -> Iterable[Line]:
    for day, each in _missing(scope):
        yield Line(facts={"day": day.isoformat(), "body": each.body.name, "kind": each.body.kind,
                          "until": f"{each.due:%H:%M}", "late": each.is_late(day, scope.at), "leaders": each.leader})


def filings_differing(scope: Scope) -> Iterable[Line]:
    for day, one in _differing(scope):
        yield Line(facts={
            "day": day.isoformat(), "figure": one.key, "grid": "、".join(place.name for place in one.grounds),
            "said": "；".join(f"{each.owing.body.name} {each.filed.value}（{each.filed.off:+d}）" for each in one.said),
            "why": "；".join(each.filed.why for each in one.off), "explains": "；".join(each.explains for each in one.off)})


def count_filings(scope: Scope) -> int:
    return len(_filed(scope))


def count_filings_missing(scope: Scope) -> int:
    return len(_missing(scope))


def count_filings_differing(scope: Scope) -> int:
    return len(_differing(scope))
