"""A release is a pack together with everything that it amends: the whole text as it reads on a day."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from jiugong.policy.contacts import Ground
from jiugong.policy.controls import Control, Period
from jiugong.policy.dated import Dated, Ended
from jiugong.policy.duties import Duty, DutyInForce
from jiugong.policy.errors import BadPack, NotInForce, SilentOnPurpose, UnknownQuestion
from jiugong.policy.exposures import Exposure
from jiugong.policy.packs import FIRST_PAGE, AnyRule, Pack, read_pack, read_rules
from jiugong.policy.parameters import Parameter, Value
from jiugong.policy.plain import Plain
from jiugong.policy.verdict import Because, Verdict


@dataclass(frozen=True, kw_only=True)
class Fingerprint:
    """Two sums over a release. Only a new `effect` obliges anybody to decide again; new `words` do not."""

    effect: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Release:
    """A pack and everything it amends. It is silent before its own first day, even where its base is in force."""

    pack: Pack
    lineage: tuple[Pack, ...]
    rules: Mapping[str, AnyRule]
    fingerprint: Fingerprint

    @property
    def key(self) -> str:
        """The name of the pack."""
        return self.pack.key

    def ask(self, question: str, *, day: date, given: Mapping[str, object]) -> Verdict:
        """Answer a question with the text in force on `day`, from the given facts, and say why.

        Raises UnknownQuestion, NotInForce, FactMissing, FactUnreadable.
        """
        rule = self.rule(question)
        dated = self.in_force(question, day)
        judged = rule.judge(dated.value, basis=dated.basis, day=day, given=given)
        first, last = self.held(rule, dated)
        needed: Plain = {"from": str(first), "until": str(last) if last else None}
        held = Because(fact="day", found=str(day), needed=needed, by_which_document=dated.basis, met=True)
        return Verdict(answer=judged.answer, because=(held, *judged.because), release=self.key,
                       fingerprint=self.fingerprint.effect)

    def value(self, key: str, day: date) -> Value:
        """The value of a parameter on a day. Raises UnknownQuestion, NotInForce."""
        if not isinstance(self.rule(key), Parameter):
            raise self._unknown(key, kind=Parameter)
        value: Value = self.in_force(key, day).value
        return value

    def periods(self, category: str, day: date, *, counted_from: date) -> tuple[Period, ...]:
        """The periods of control of a category (`close_contact`), by the text in force on `day`; none if abolished."""
        control = self.rule(f"control.{category}")
        if not isinstance(control, Control):
            raise self._unknown(f"control.{category}", kind=Control)
        return control.periods(self.in_force(control.key, day).value, counted_from)

    def duties_on(self, day: date) -> list[DutyInForce]:
        """Every duty that holds on a day, by key. Raises NotInForce where the whole release is silent."""
        self._must_hold_on(day, question="duties")
        duties = (rule.in_force_on(day) for rule in self.rules.values() if isinstance(rule, Duty))
        return [duty for duty in duties if duty is not None]

    def grounds_on(self, day: date) -> list[Ground]:
        """Every contact ground that holds on a day, by key. Raises NotInForce where the whole release is silent."""
        self._must_hold_on(day, question="contacts.grounds")
        return [rule for rule in self.rules.values() if isinstance(rule, Ground) and rule.on(day)]

    def rule(self, key: str) -> AnyRule:
        """The rule of this key. Raises UnknownQuestion."""
        if key not in self.rules:
            raise self._unknown(key)
        return self.rules[key]

    def in_force(self, key: str, day: date) -> Dated[Any]:
        """The dated value of a rule on a day. Raises UnknownQuestion, NotInForce."""
        rule = self.rule(key)
        self._must_hold_on(day, question=key)
        dated = rule.on(day)
        if dated is None:
            held = ", ".join(_span(*self.held(rule, one)) for one in rule.values if isinstance(one, Dated))
            if not held:
                raise SilentOnPurpose(question=key, release=self.key, day=str(day), held=_why(rule.values[0]))
            raise NotInForce(question=key, release=self.key, day=str(day), held=held)
        return dated

    def held(self, rule: AnyRule, dated: Dated[Any]) -> tuple[date, date | None]:
        """The first and the last day on which this release gives a value; no last day if it is open."""
        ends = [day for day in (rule.last_day_of(dated), _last_day(self.pack)) if day]
        return max(dated.first_day, self.pack.first_day), min(ends, default=None)

    def _must_hold_on(self, day: date, *, question: str) -> None:
        if not self.pack.in_force_on(day):
            held = _span(self.pack.first_day, _last_day(self.pack))
            raise NotInForce(question=question, release=self.key, day=str(day), held=held)

    def _unknown(self, question: str, *, kind: type = object) -> UnknownQuestion:
        known = ", ".join(key for key, rule in self.rules.items() if isinstance(rule, kind))
        return UnknownQuestion(question=question, release=self.key, known=known)


def load(root: Path, key: str) -> Release:
    """Load a release from a folder of packs. Raises UnknownPack, BadPack."""
    lineage = _lineage(root, key)
    rules: dict[str, AnyRule] = {}
    for pack in reversed(lineage):
        for name, rule in read_rules(root, pack).items():
            rules[name] = _amended(rules.get(name), rule, pack)
    rules = {name: rule.since(lineage[0].first_day) for name, rule in sorted(rules.items())}
    _must_have_their_parameters(rules, lineage[0])
    return Release(pack=lineage[0], lineage=lineage, rules=rules, fingerprint=_fingerprint(lineage[0], rules))


def _lineage(root: Path, key: str) -> tuple[Pack, ...]:
    packs = [read_pack(root, key)]
    while amends := packs[-1].amends:
        if amends in [pack.key for pack in packs]:
            raise _bad(packs[-1], f"{amends} amends itself in the end.", "Mend `amends:` in one of the packs.")
        packs.append(read_pack(root, amends))
    return tuple(packs)


def _amended(base: AnyRule | None, rule: AnyRule, pack: Pack) -> AnyRule:
    if base is None:
        return rule
    if type(base) is not type(rule):
        raise _bad(pack, f"{rule.key} is a {type(base).__name__} in the base.", "Give the rule another name.")
    return base.amended_by(rule)      # type: ignore[arg-type]     # the line above made sure that the kinds agree


def _must_have_their_parameters(rules: Mapping[str, AnyRule], pack: Pack) -> None:
    for ground in (rule for rule in rules.values() if isinstance(rule, Ground)):
        for name in (name for one in ground.values if isinstance(one, Dated) for name in one.value.parameters):
            if not isinstance(rules.get(name), Parameter):
                raise _bad(pack, f"{ground.key} uses {name}, which is no parameter.", "Add it, or mend the name.")
    for exposure in (rule for rule in rules.values() if isinstance(rule, Exposure)):
        minutes = {one.value.minutes for one in exposure.values if isinstance(one, Dated)} - {""}
        if not all(isinstance(rules.get(name), Parameter) for name in minutes):
            raise _bad(pack, f"{exposure.key} uses {', '.join(minutes)}, which is no parameter.", "Add it, or mend the name.")
        if exposure.ground and not isinstance(rules.get(exposure.ground), Ground):
            raise _bad(pack, f"{exposure.key} stands for {exposure.ground}, which is no ground.", "Add it, or mend the name.")


def _fingerprint(pack: Pack, rules: Mapping[str, AnyRule]) -> Fingerprint:
    effect = {"pack": pack.effect(), "rules": {key: rule.effect() for key, rule in rules.items()}}
    words = {"pack": pack.words(), "rules": {key: rule.words() for key, rule in rules.items()}}
    return Fingerprint(effect=_sum(effect), words=_sum(words))


def _sum(data: object) -> str:
    return sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _last_day(pack: Pack) -> date | None:
    return pack.end - timedelta(days=1) if pack.end else None


def _span(first: date, last: date | None) -> str:
    return f"{first} – {last or '…'}"         # signs only: the sentence around them is in the reader's language


def _why(silent: Dated[Any] | Ended) -> str:
    note = f"{silent.note.zh_hans}；" if silent.note else ""
    return f"{note}{silent.basis}"


def _bad(pack: Pack, what: str, do: str) -> BadPack:
    return BadPack(file=f"{pack.key}/{FIRST_PAGE}", line=1, what=what, do=do)
