"""The park's own rules beside the national ones, and which of them are stricter (层层加码)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.policy import Duty, Release
from jiugong.policy.citations import Words
from jiugong.policy.dated import Dated
from jiugong.policy.duties import DutyTerms
from jiugong.policy.packs import AnyRule
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park
from jiugong.rulebook.logic.strictness import Judgement, Side, judge
from jiugong.rulebook.models import Supplement
from jiugong.rulebook.queries.releases import InForce, in_force, release_on, rule_of, supplements_on
from jiugong.rulebook.wording import said_of


@dataclass(frozen=True, kw_only=True)
class Compared:
    """A local rule with the national one beside it (none: the release knows no such rule), and the judgement."""

    supplement: Supplement
    rule: AnyRule
    local: Dated[Any]
    national: InForce | None
    judgement: Judgement

    @property
    def is_stricter(self) -> bool:
        return self.judgement.whole is Side.STRICTER


@dataclass(frozen=True, kw_only=True)
class Stricter:
    """One local rule that asks more: both values in words and the documents behind them. No national rule: empty texts."""

    key: str
    title: Words
    national: str
    local: str
    basis: str
    national_basis: str
    since: date


def compared_supplements(park: Park, day: date) -> list[Compared]:
    """Every local rule that holds on a day, beside the national rule of that day: two questions."""
    return compare_with(release_on(park, day), list(supplements_on(park, day)), day)


def stricter_supplements(park: Park, day: date) -> list[Stricter]:
    """The local rules that ask more than the national ones on a day, as plain rows in the language of the reader."""
    return [Stricter(key=each.supplement.key, title=each.rule.title, local=said_of(each.rule, each.local).text,
                     national=said_of(each.national.rule, each.national.dated).text if each.national else "",
                     basis=str(each.local.basis), national_basis=str(each.national.dated.basis) if each.national else "",
                     since=each.supplement.since)
            for each in compared_supplements(park, day) if each.is_stricter]


def compare_with(release: Release | None, supplements: Sequence[Supplement], day: date) -> list[Compared]:
    """Local rules beside those of a release on a day; rules that do not hold on it are left out."""
    national = in_force(release, day)
    beside = [(each.rule, each.dated.value) for each in national.values()
              if isinstance(each.rule, Duty) and isinstance(each.dated.value, DutyTerms)]
    found = []
    for supplement in supplements:
        rule, held = rule_of(supplement), national.get(supplement.key)
        local = rule.on(day)
        if local is not None:
            silent = release is None or _is_left_open(release, supplement.key)
            judgement = judge(rule, local, national=held.dated if held else None, beside=beside, silent=silent,
                              national_rule=held.rule if held else None)
            found.append(Compared(supplement=supplement, rule=rule, local=local, national=held, judgement=judgement))
    return found


def _is_left_open(release: Release, key: str) -> bool:
    """Does the release know the rule, and say nothing from the start?"""
    rule = release.rules.get(key)
    return rule is not None and not any(isinstance(one, Dated) for one in rule.values)


def supplement_for(actor: Actor, park: Park, pk: int) -> Supplement:
    """The only door from a number in a URL to a Supplement. Raises NotHere."""
    found = Supplement.objects.filter(pk=pk, park=park).select_related("park").first()
    if found is None or not actor.may_somewhere(Can.SEE_BOARD, within=park):
        raise NotHere()
    return found


def supplements_of(park: Park) -> list[Supplement]:
    """Everything that a park ever added, the latest first."""
    return list(Supplement.objects.filter(park=park).order_by("-since", "-pk"))
