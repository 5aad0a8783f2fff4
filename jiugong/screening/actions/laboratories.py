"""Keeping laboratories, the accounts that report for them, and their contracts, each from a day on."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q

from jiugong.accounts.models import User
from jiugong.lib import clock, days, identifiers
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.lib.sheets import name_key, tidy_title
from jiugong.registry.errors import DatesOutOfOrder
from jiugong.registry.models import Park, Unit
from jiugong.registry.queries.people import today_in
from jiugong.screening.laboratory_errors import (
    AccountReportsElsewhere,
    ContractExists,
    ContractHoursWrong,
    CreditCodeWrong,
    LaboratoryEnded,
    LaboratoryExists,
    LaboratoryNeedsName,
    OwnRoundsNeedEnterprise,
)
from jiugong.screening.models import Contract, Laboratory, LaboratoryAccount, Point

LONGEST_NAME = LONGEST_CONTACT = 120
MOST_HOURS = 168                             # a week: nobody waits longer for a swab


@transaction.atomic
def keep_laboratory(park: Park, name: str, *, actor: Actor, credit_code: str = "", contact: str = "",
                    since: date | None = None) -> Laboratory:
    """Enter a laboratory, or say anew what an entered one is. The same words again change nothing.

    Raises LaboratoryNeedsName, CreditCodeWrong.
    """
    actor.must(Can.KEEP_LABORATORIES, over=park)
    park.one_at_a_time()
    known = Laboratory.objects.filter(park=park, key=name_key(tidy_title(name)[:LONGEST_NAME])).first()
    return _say(known or Laboratory(park=park), name, credit_code, contact, since, actor)


@transaction.atomic
def change_laboratory(laboratory: Laboratory, *, name: str, actor: Actor, credit_code: str = "", contact: str = "",
                      since: date | None = None) -> Laboratory:
    """Say anew what a laboratory is, its name too; its contracts and results stay with it.

    Raises LaboratoryExists where another has the name, and what `keep_laboratory` raises.
    """
    key = name_key(tidy_title(name)[:LONGEST_NAME])
    other = Laboratory.objects.filter(park_id=laboratory.park_id, key=key).exclude(pk=laboratory.pk).first()
    if other:
        raise LaboratoryExists(laboratory=other.name)
    return _say(laboratory, name, credit_code, contact, since, actor)


def _say(laboratory: Laboratory, name: str, credit_code: str, contact: str, since: date | None, actor: Actor) -> Laboratory:
    actor.must(Can.KEEP_LABORATORIES, over=laboratory.park)
    name, credit_code = tidy_title(name)[:LONGEST_NAME], identifiers.folded(credit_code).upper()
    if not name:
        raise LaboratoryNeedsName()
    if credit_code and isinstance(identifiers.read_credit_code(credit_code), identifiers.Fault):
        raise CreditCodeWrong(code=credit_code[:18])
    if since and laboratory.until and laboratory.until < since:
        raise DatesOutOfOrder(since=str(since), until=str(laboratory.until))
    before = _facts(laboratory) if laboratory.pk else None
    laboratory.name, laboratory.key, laboratory.credit_code = name, name_key(name), credit_code
    laboratory.contact, laboratory.since = tidy_title(contact)[:LONGEST_CONTACT], since
    if before == _facts(laboratory):
        return laboratory

    laboratory.save()

    note("laboratory.kept", actor=actor, at=clock.now(), park_id=laboratory.park_id, subject=f"laboratory:{laboratory.pk}",
         name=name)
    return laboratory


def _facts(laboratory: Laboratory) -> tuple[object, ...]:
    return laboratory.name, laboratory.credit_code, laboratory.contact, laboratory.since


@transaction.atomic
def end_laboratory(laboratory: Laboratory, *, actor: Actor, on: date | None = None) -> Laboratory:
    """Work with a laboratory no longer from a day on: its contracts end with it. Raises DatesOutOfOrder."""
    actor.must(Can.KEEP_LABORATORIES, over=laboratory.park)
    on = on or today_in(laboratory.park)
    if laboratory.until and laboratory.until <= on:
        return laboratory
    if laboratory.since and on < laboratory.since:
        raise DatesOutOfOrder(since=str(laboratory.since), until=str(on))

    laboratory.until = on
    laboratory.save(update_fields=["until"])
    for contract in laboratory.contracts.filter(Q(until=None) | Q(until__gt=on)):
        contract.until = max(on, contract.since)
        contract.save(update_fields=["until"])

    note("laboratory.ended", actor=actor, at=clock.now(), park_id=laboratory.park_id,
         subject=f"laboratory:{laboratory.pk}", name=laboratory.name, until=str(on))
    return laboratory


@transaction.atomic
def tie_account(laboratory: Laboratory, user: User, *, actor: Actor) -> LaboratoryAccount:
    """Let a user report for a laboratory; the same again changes nothing. Raises AccountReportsElsewhere, LaboratoryEnded."""
    actor.must(Can.KEEP_LABORATORIES, over=laboratory.park)
    now = clock.now()
    laboratory.park.one_at_a_time()
    _refuse_ended(laboratory, days.day_of(now, laboratory.park.zone))
    held = LaboratoryAccount.objects.filter(park=laboratory.park, user=user, until_at=None).select_related("laboratory").first()
    if held and held.laboratory_id == laboratory.pk:
        return held
    if held:
        raise AccountReportsElsewhere(user=user.name, laboratory=held.laboratory.name)

    tied = LaboratoryAccount.objects.create(park=laboratory.park, laboratory=laboratory, user=user, since_at=now)

    note("laboratory.account_tied", actor=actor, at=now, park_id=laboratory.park_id, subject=f"user:{user.pk}",
         name=laboratory.name)
    return tied


@transaction.atomic
def untie_account(account: LaboratoryAccount, *, actor: Actor) -> None:
    """Let a user report for a laboratory no longer; what was reported stays."""
    actor.must(Can.KEEP_LABORATORIES, over=account.park)
    now = clock.now()
    if account.until_at:
        return

    account.until_at = now
    account.save(update_fields=["until_at"])

    note("laboratory.account_untied", actor=actor, at=now, park_id=account.park_id, subject=f"user:{account.user_id}",
         name=account.laboratory.name)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a contract says: turn-round in hours, whether the enterprise opens rounds of its own, its first day and the
    first day without it.
    """

    hours: int
    since: date
    until: date | None = None
    enterprise_opens: bool = False


@transaction.atomic
def contract(laboratory: Laboratory, terms: Terms, *, actor: Actor, point: Point | None = None,
             unit: Unit | None = None) -> Contract:
    """Let a laboratory report for a point, an enterprise, or, with neither, the whole park. The same again changes nothing.

    Raises ContractHoursWrong, OwnRoundsNeedEnterprise, DatesOutOfOrder, LaboratoryEnded, ContractExists.
    """
    actor.must(Can.KEEP_LABORATORIES, over=laboratory.park)
    _judge(laboratory, terms, unit)
    laboratory.park.one_at_a_time()
    beside = laboratory.contracts.filter(Q(until=None) | Q(until__gt=terms.since), point=point, unit=unit)
    beside = beside.filter(since__lt=terms.until) if terms.until else beside
    before = beside.order_by("since").first()
    if before and all(getattr(before, name) == value for name, value in vars(terms).items()):
        return before
    if before:
        raise ContractExists(laboratory=laboratory.name, over=over_in_words(before), since=str(before.since))

    made = Contract.objects.create(park=laboratory.park, laboratory=laboratory, point=point, unit=unit, **vars(terms))

    note("contract.made", actor=actor, at=clock.now(), park_id=laboratory.park_id, subject=f"laboratory:{laboratory.pk}",
         name=laboratory.name, over=over_in_words(made), since=str(terms.since), hours=terms.hours)
    return made


def _judge(laboratory: Laboratory, terms: Terms, unit: Unit | None) -> None:
    if not 0 < terms.hours <= MOST_HOURS:
        raise ContractHoursWrong(hours=terms.hours, most=MOST_HOURS)
    if terms.enterprise_opens and unit is None:
        raise OwnRoundsNeedEnterprise()
    if terms.until and terms.until <= terms.since:
        raise DatesOutOfOrder(since=str(terms.since), until=str(terms.until))
    _refuse_ended(laboratory, terms.since)


def _refuse_ended(laboratory: Laboratory, day: date) -> None:
    if laboratory.until and laboratory.until <= day:
        raise LaboratoryEnded(laboratory=laboratory.name, until=str(laboratory.until))


def over_in_words(made: Contract) -> str:
    """For what a contract is: the point, the enterprise, or the park."""
    return str(made.point or made.unit or made.park)


@transaction.atomic
def end_contract(made: Contract, *, actor: Actor, on: date | None = None) -> Contract:
    """End a contract: from that day on its laboratory no longer reports for it. Raises DatesOutOfOrder."""
    actor.must(Can.KEEP_LABORATORIES, over=made.park)
    on = on or today_in(made.park)
    if made.until and made.until <= on:
        return made
    if on < made.since:
        raise DatesOutOfOrder(since=str(made.since), until=str(on))

    made.until = on
    made.save(update_fields=["until"])

    note("contract.ended", actor=actor, at=clock.now(), park_id=made.park_id, subject=f"laboratory:{made.laboratory_id}",
         name=made.laboratory.name, over=over_in_words(made), until=str(on))
    return made
