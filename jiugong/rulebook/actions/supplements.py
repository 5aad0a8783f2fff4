"""A park's own rules: said in the language of packs, with the document that says so, from a day on."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, note, tell
from jiugong.lib.can import Can
from jiugong.policy import BadPack, Control, Duty, Exposure, Parameter
from jiugong.policy.packs import AnyRule
from jiugong.policy.plain import Plain
from jiugong.registry.errors import DatesOutOfOrder
from jiugong.registry.models import Park
from jiugong.rulebook.actions.deciding import cited
from jiugong.rulebook.errors import SupplementExists, SupplementUnreadable
from jiugong.rulebook.happenings import RulesChanged
from jiugong.rulebook.models import Supplement
from jiugong.rulebook.queries.releases import rule_of

LONGEST_NOTE, LONGEST_KEY = 500, 80


@transaction.atomic
def supplement(park: Park, key: str, *, rule: Mapping[str, Any], value: Plain, title: str, issuer: str, published: str,
               actor: Actor, since: date, until: date | None = None, note_text: str = "", url: str = "") -> Supplement:
    """Let a local rule hold from a day on, in the place of the release's rule of this key or beside its rules.

    The same rule again changes nothing. Raises ReferenceMissing, SupplementUnreadable, SupplementExists, DatesOutOfOrder.
    """
    actor.must(Can.ADOPT_POLICY, over=park)
    park.one_at_a_time()
    title, issuer, published = cited(title, issuer, published)
    if until and until <= since:
        raise DatesOutOfOrder(since=str(since), until=str(until))
    now = clock.now()
    given = Supplement(park=park, key=key, rule=dict(rule), value=value, title=title, issuer=issuer, published=published,
                       since=since, until=until, note=note_text.strip()[:LONGEST_NOTE], url=url, decided_by=actor.key,
                       decided_by_name=actor.name, decided_at=now)
    _must_be_readable(given)
    beside = Supplement.objects.filter(Q(until=None) | Q(until__gt=since), park=park, key=key)
    beside = beside.filter(since__lt=until) if until else beside
    before = beside.order_by("since").first()
    if before and all(getattr(before, name) == getattr(given, name) for name in
                      ("rule", "value", "title", "issuer", "published", "since", "until")):
        return before
    if before:
        raise SupplementExists(rule=key, since=str(before.since))

    given.save()

    note("supplement.given", actor=actor, at=now, park_id=park.pk, subject=f"supplement:{given.pk}", name=key,
         since=str(since), until=str(until) if until else "")
    tell(RulesChanged(park_id=park.pk))
    return given


@transaction.atomic
def end_supplement(given: Supplement, *, actor: Actor, on: date | None = None) -> Supplement:
    """End a local rule on a day: from then on the release's own value holds again. Raises DatesOutOfOrder."""
    actor.must(Can.ADOPT_POLICY, over=given.park)
    now = clock.now()
    on = on or days.day_of(now, given.park.zone)
    if given.until and given.until <= on:
        return given
    if on < given.since:
        raise DatesOutOfOrder(since=str(given.since), until=str(on))

    given.until = on
    given.save(update_fields=["until"])

    note("supplement.ended", actor=actor, at=now, park_id=given.park_id, subject=f"supplement:{given.pk}", name=given.key,
         until=str(on))
    tell(RulesChanged(park_id=given.park_id))
    return given


def heading_of(rule: AnyRule) -> dict[str, Any]:
    """A rule of a release as a supplement keeps it: everything but its dated values. Raises SupplementUnreadable."""
    head: dict[str, Any] = {"title": rule.title.as_data(), "reviewed_on": str(rule.reviewed_on)}
    if isinstance(rule, Duty):
        return {**head, "kind": "duty", "subject": rule.subject, "evidence": rule.evidence, "on_site": rule.on_site}
    if isinstance(rule, Control):
        return {**head, "kind": "control", "counts_from": rule.counts_from, "day_index_base": rule.day_index_base}
    if isinstance(rule, Exposure):
        return {**head, "kind": "exposure"} | ({"ground": rule.ground} if rule.ground else {})
    if isinstance(rule, Parameter):
        return {**head, "kind": "parameter", "holds": rule.holds} | ({"unit": rule.unit} if rule.unit else {})
    raise SupplementUnreadable(what=rule.key, do="Grounds of contact are set by the release alone.")


def _must_be_readable(given: Supplement) -> None:
    try:
        rule_of(given)
    except BadPack as reason:
        raise SupplementUnreadable(what=reason.facts["what"], do=reason.facts["do"]) from reason
    except (KeyError, TypeError, AttributeError) as reason:
        raise SupplementUnreadable(what=given.key, do="Write it as a pack writes it: docs/rooms/policy.md.") from reason
    if not 0 < len(given.key) <= LONGEST_KEY or not given.key.isprintable():
        raise SupplementUnreadable(what=given.key, do="Write it as a pack writes it: docs/rooms/policy.md.")
