"""How advice is said: as data for programs and pages, and in sentences, in the language in use."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from jiugong.screening.logic import sizing
from jiugong.screening.logic.pooling import PER, Advice, Pool, total
from jiugong.screening.logic.rates import RATES
from jiugong.screening.queries.advising import Ground, PoolQuestion

THINGS = ("points", "desks", "samplers")


def pool_as_data(question: PoolQuestion) -> dict[str, Any]:
    """The answer of `advise pool`: every size with its figures, the one that is recommended, why, and what it costs."""
    advice = question.advice()
    return {
        "prevalence": float(question.prevalence), "clustering": float(question.clustering), "people": question.people,
        "recommended": advice.recommended.size, "why": _why(advice), "trade_off": [
            _trade(pool, advice.recommended) for pool in advice.pools if pool != advice.recommended],
        "sizes": [_pool(pool, question, advice) for pool in advice.pools],
        "if_rarer": {"prevalence": float(question.prevalence / 10), "recommended": advice.if_rarer.size},
        "if_commoner": {"prevalence": float(min(question.prevalence * 10, Fraction(1))),
                        "recommended": advice.if_commoner.size},
        "alone": _alone(), "basis": _pool_basis()}


def _pool(pool: Pool, question: PoolQuestion, advice: Advice) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "size": pool.size, "recommended": pool == advice.recommended, "tests_per_person": _plain(pool.tests),
        "tests_per_thousand": _plain(pool.tests * PER), "tube_positive": _plain(pool.positive),
        "positive_tubes_per_thousand": _plain(pool.positive_tubes * PER), "held_per_positive_tube": pool.size,
        "held_per_thousand": _plain(pool.held * PER), "retests_per_thousand": _plain(pool.held * PER),
        "held_without_need_per_thousand": _plain((pool.held - question.prevalence) * PER)}
    if question.people:
        whole = total(question.people, question.prevalence, pool.size, question.clustering)
        shown["total"] = {"tubes": whole.tubes, "tests": _plain(whole.tests), "positive_tubes": _plain(whole.positive_tubes),
                          "held": _plain(whole.held), "retests": _plain(whole.held)}
    return shown


def _why(advice: Advice) -> list[str]:
    best = advice.recommended
    told = [_("Tubes of %(size)s need the fewest tests: %(tests)s for 1,000 people.") % {
        "size": best.size, "tests": _short(best.tests * PER)} if best.tests < 1 else
        _("Pooling saves nothing here: too many tubes would come back positive. The smallest holds the fewest people.")]
    held = [pool for pool in advice.pools if pool.held < best.held]
    if held:
        least = held[0]
        told.append(_("A positive tube holds all its %(size)s people until each was sampled again alone: %(held)s of 1,000 are "
                      "held; with tubes of %(smaller)s it would be %(fewer)s.") % {
            "size": best.size, "held": _short(best.held * PER), "smaller": least.size, "fewer": _short(least.held * PER)})
    if advice.if_commoner.size != best.size:
        told.append(_("Were ten times as many positive, tubes of %(size)s would need the fewest tests.") % {
            "size": advice.if_commoner.size})
    if advice.if_rarer.size != best.size:
        told.append(_("Were a tenth as many positive, tubes of %(size)s would need the fewest tests.") % {
            "size": advice.if_rarer.size})
    return told


def _trade(pool: Pool, best: Pool) -> dict[str, Any]:
    """What another size costs in tests and spares in people held, for 1,000 people."""
    tests, held = (pool.tests - best.tests) * PER, (best.held - pool.held) * PER
    facts = {"size": pool.size, "tests": _short(abs(tests)), "held": _short(abs(held))}
    if tests < 0:                                # only where none saves anything
        sentence = _("Tubes of %(size)s: %(tests)s tests fewer, and %(held)s people more held.")
    elif held >= 0:
        sentence = _("Tubes of %(size)s: %(tests)s tests more, %(held)s people fewer held.")
    else:
        sentence = _("Tubes of %(size)s: %(tests)s tests more, and %(held)s people more held.")
    return {"size": pool.size, "more_tests_per_thousand": _plain(tests), "fewer_held_per_thousand": _plain(held),
            "sentence": sentence % facts}


def _alone() -> list[str]:
    return [_("People with symptoms, close contacts and people of key areas or posts are always sampled alone, whatever the "
              "prevalence."), _("Risk groups never share a tube; a tube is closed short when a team or household ends.")]


def _pool_basis() -> list[dict[str, Any]]:
    return [
        {"of": _("Tubes of 5, 10 and 20 detect as single ones do; pooling tubes again (30 or 50 to one) is not validated."),
         "reference": _("Press statement of the clinical laboratory authority, 2022-06-09"), "assumption": None},
        {"of": _("Tests for each person: 1/k + the chance that a tube of k is positive; 1 − (1 − p)^k without clustering."),
         "reference": _("Dorfman 1943"), "assumption": None},
        {"of": _("Clustering is the correlation of two swabs of one tube (beta-binomial)."), "reference": None, "assumption":
         _("No official figure was found. 0 is the most cautious: it counts the most positive tubes.")},
        {"of": _("Who is always sampled alone."), "reference": None,
         "assumption": _("General practice in 2022; the texts of single cities agree.")}]


def sizing_as_data(asked: sizing.Sizing) -> dict[str, Any]:
    """The answer of `advise points`: each need by the rule of thumb and by the hours, which binds and why, and the rates."""
    language = get_language() or ""
    needs = {name: getattr(asked, name) for name in THINGS}
    return {"people": asked.people, "hours": _plain(asked.hours), **{name: each.need for name, each in needs.items()},
            "because": {name: _because(name, each, asked) for name, each in needs.items()},
            "rates": [rate.as_data(language) for rate in RATES]}


def _because(name: str, need: sizing.Need, asked: sizing.Sizing) -> dict[str, Any]:
    return {"need": need.need, "binds": need.binds, "why": _binding(name, need, asked),
            "by_rule": _span(need.by_rule), "by_rate": _span(need.by_rate)}


def _span(span: sizing.Span) -> dict[str, int]:
    return {"need": span.taken, "least": span.least, "most": span.most}


def _binding(name: str, need: sizing.Need, asked: sizing.Sizing) -> str:
    facts = {"rule": need.by_rule.taken, "rate": need.by_rate.taken, "hours": _short(asked.hours)}
    if need.binds == "rule":
        return _("The rule of thumb binds: it asks for %(rule)s; %(rate)s could do it in %(hours)s hours.") % facts
    return {
        "points": _("The hours bind: the desks of %(hours)s hours fill %(rate)s points; the rule of thumb asks for %(rule)s."),
        "desks": _("The hours bind: in %(hours)s hours so many samplers need %(rate)s desks; the rule of thumb asks for %(rule)s."),
        "samplers": _("The hours bind: in %(hours)s hours it takes %(rate)s; the rule of thumb, made for 24 hours, asks for "
                      "%(rule)s."),
    }[name] % facts


def ground_as_data(ground: Ground, asked: sizing.Sizing) -> dict[str, Any]:
    """What a park has for a round beside what it needs: by grid, by enterprise, by point, and what is lacking."""
    lacking = sizing.lack(asked, [standing for _point, standing in ground.points])
    return {
        "grids": [{"grid": grid.name if grid else None, "people": people, **_needs(people, asked.hours)}
                  for grid, people in ground.by_grid],
        "enterprises": [{"enterprise": unit.name, "grid": grid.name if grid else None, "people": people}
                        for unit, grid, people in ground.by_enterprise],
        "standing": [{"point": point.name, "over": str(point.unit or point.place or ""), "desks": standing.desks,
                      "hours": _plain(standing.hours)} for point, standing in ground.points],
        "there": {"points": lacking.points, "desks": _plain(lacking.desks), "desks_unsaid": lacking.desks_unsaid},
        "lacking": {"points": lacking.points_lacking, "desks": lacking.desks_lacking}, "sentences": list(_lacks(lacking))}


def _needs(people: int, hours: Fraction) -> dict[str, int]:
    sized = sizing.size_up(people, hours)
    return {name: getattr(sized, name).need for name in THINGS}


def _lacks(lacking: sizing.Lack) -> Iterable[str]:
    if lacking.points_lacking:
        yield ngettext("%(count)s point is lacking.", "%(count)s points are lacking.", lacking.points_lacking) % {
            "count": lacking.points_lacking}
    if lacking.desks_lacking:
        yield ngettext("%(count)s desk is lacking.", "%(count)s desks are lacking.", lacking.desks_lacking) % {
            "count": lacking.desks_lacking}
    if lacking.desks_unsaid:
        yield ngettext("%(count)s point does not say how many desks it has, and counts as one.",
                       "%(count)s points do not say how many desks they have, and count as one each.",
                       lacking.desks_unsaid) % {"count": lacking.desks_unsaid}
    if not (lacking.points_lacking or lacking.desks_lacking):
        yield _("Points and desks are enough.")


def _plain(value: Fraction) -> float | int:
    """A figure as JSON has it: whole where it is whole."""
    return int(value) if value.denominator == 1 else round(float(value), 10)


def _short(value: Fraction) -> str:
    """A figure as a sentence says it: three figures that count, and never a power of ten."""
    number = float(value)
    if number == 0 or number.is_integer() or abs(number) >= PER:
        return f"{number:,.0f}"
    return f"{number:.1f}" if abs(number) >= 1 else f"{number:.3g}" if abs(number) >= 0.001 else f"{number:.6f}"
