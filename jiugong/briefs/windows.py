"""How far every duty and every round of a period is, window by window and enterprise by enterprise: asked once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from jiugong.briefs.language import in_language
from jiugong.briefs.scope import Scope
from jiugong.duties.queries import Due, asked_by
from jiugong.lib import days
from jiugong.policy import Window
from jiugong.policy.citations import Words
from jiugong.registry.models import Unit
from jiugong.registry.queries.coverage import Coverage, total
from jiugong.registry.queries.units import steps
from jiugong.registry.words import UnitKind
from jiugong.rulebook.queries import duties_on
from jiugong.screening.models import Round
from jiugong.screening.queries import rounds

HEALTH = ("health_report", "temperature", "antigen")            # evidence by which a park watches people's health
NO_ENTERPRISE = 0                                               # what belongs to no enterprise: the park's own grounds


@dataclass(frozen=True, kw_only=True)
class Asking:
    """One duty in one window, or one round, with how far it is by the number of the enterprise."""

    of: str                                                     # as the board asks: duty:health_report, round:3
    title: Words
    evidence: str
    window: Window
    by_enterprise: Mapping[int, Coverage]
    due: Due | None = None
    round: Round | None = None

    @cached_property
    def covered(self) -> Coverage:
        return total(self.by_enterprise.values())

    @property
    def name(self) -> str:
        """What is asked, in the language of the reader."""
        return in_language(self.title)

    def is_closed(self, scope: Scope) -> bool:
        """Could anything still be done in time?"""
        return scope.at >= self.window.closes_at

    def hours(self, scope: Scope) -> str:
        """From when till when, in the park's own time; a window that began on an earlier day says only its end."""
        start, end = (at.astimezone(scope.park.zone) for at in (self.window.start, self.window.end))
        return f"{start:%H:%M}–{end:%H:%M}" if start.date() == end.date() else _("until %(time)s") % {"time": f"{end:%H:%M}"}


def duties_of(scope: Scope) -> list[Asking]:
    """Every duty in each of its windows that opened in the period."""
    return scope.once("duties", lambda: list(_duties(scope)))


def rounds_of(scope: Scope) -> list[Asking]:
    """Every round of the period that has opened."""
    return scope.once("rounds by enterprise", lambda: list(_rounds(scope)))


def of_the_last_day(scope: Scope) -> list[Asking]:
    """What was asked on the last day of the period, in the order of its hours: rounds and duties."""
    last = scope.last
    asked = [each for each in duties_of(scope) if each.due and each.due.rule.day == last]
    asked += [each for each in rounds_of(scope) if each.round and each.round.day == last]
    return sorted(asked, key=lambda each: (each.window.start, each.window.end, each.of))


def _duties(scope: Scope) -> Iterator[Asking]:
    for day in days.each(scope.first, scope.last):
        for rule in scope.always(f"duties on {day}", lambda day=day: duties_on(scope.park, day)):  # type: ignore[misc]
            somebody = True                                          # owes it; who does is the same in every window of the day
            for window in rule.windows(scope.park.zone):
                if window.start <= scope.as_of:
                    due = Due(rule=rule, window=window)
                    by_enterprise = _by_enterprise(scope, due) if somebody else {}
                    somebody = bool(by_enterprise)
                    yield Asking(of=f"duty:{rule.key}", title=rule.title, evidence=rule.evidence, window=window, due=due,
                                 by_enterprise=by_enterprise)


def _by_enterprise(scope: Scope, due: Due) -> dict[int, Coverage]:
    asked = asked_by(scope.park, due, scope.as_of, scope.reach)
    if due.rule.subject != "place":
        return {enterprise or NO_ENTERPRISE: covered for enterprise, covered in asked.coverage_by("enterprise_id").items()}
    found: dict[int, Coverage] = {}
    sites = scope.once("sites", lambda: dict(Unit.objects.filter(
        park=scope.park, kind=UnitKind.ENTERPRISE, site__isnull=False).values_list("site_id", "pk")))
    for path, covered in asked.coverage_by("path").items():
        enterprise = next((sites[step] for step in steps(path) if step in sites), NO_ENTERPRISE)
        found[enterprise] = found.get(enterprise, Coverage()) + covered
    return found


def _rounds(scope: Scope) -> Iterator[Asking]:
    opened = (Round.objects.filter(park=scope.park, day__gte=scope.first, day__lte=scope.last, opens_at__lte=scope.as_of)
              .select_related("park", "unit", "place").order_by("number"))
    for each in opened:
        by = rounds.asked_by(each, scope.as_of, scope.reach).coverage_by("enterprise_id")
        yield Asking(
            of=f"round:{each.number}", title=Words(zh_hans=f"第{each.number}轮核酸检测", en=f"PCR round {each.number}"),
            evidence="specimen", window=Window(start=each.opens_at, end=each.closes_at, key=f"round/{each.number}"),
            by_enterprise=by, round=each)
