"""Laboratories and their contracts: which a park keeps, for whom an account reports, which contract covers a tube."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from jiugong.accounts.models import User
from jiugong.accounts.queries import memberships_of
from jiugong.accounts.roles import AccountRole
from jiugong.lib import days
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.lib.sheets import name_key
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park, Unit, holds_on
from jiugong.registry.queries.people import today_in
from jiugong.registry.queries.units import enterprises_of
from jiugong.screening.laboratory_errors import AccountWithoutLaboratory, LaboratoryNotContracted
from jiugong.screening.models import Contract, Laboratory, LaboratoryAccount, Point, Result, Tube

POINT, ENTERPRISE, WHOLE_PARK = range(3)     # how near a contract is to a point: the nearest governs


def laboratories_of(park: Park, *, text: str = "", standing: str = "", day: date | None = None) -> QuerySet[Laboratory]:
    """The laboratories of a park by name, narrowed by a part of name, code or contact, and by whether they hold on a day."""
    found = Laboratory.objects.filter(park=park).order_by("name", "pk")
    if text:
        found = found.filter(Q(key__contains=name_key(text)) | Q(credit_code__icontains=text) | Q(contact__icontains=text))
    if day and standing in ("yes", "no"):
        found = found.filter(holds_on(day)) if standing == "yes" else found.exclude(holds_on(day))
    return found


def with_work(laboratories: QuerySet[Laboratory], day: date) -> QuerySet[Laboratory]:
    """Laboratories with how many `contracts_now` they hold on a day and how many results they have `reported`."""
    held = Contract.objects.filter(holds_on(day), laboratory=OuterRef("pk")).order_by()
    said = Result.objects.filter(laboratory=OuterRef("pk")).order_by()
    return laboratories.annotate(
        contracts_now=Subquery(held.values("laboratory").annotate(count=Count("pk")).values("count")),
        reported=Subquery(said.values("laboratory").annotate(count=Count("pk")).values("count")))


def must_see_laboratories(actor: Actor, park: Park) -> None:
    """Laboratories are seen by whoever sees a part of the board. Raises NotAllowed."""
    actor.must_somewhere(Can.SEE_BOARD, within=park)


def laboratory_for(actor: Actor, park: Park, pk: int) -> Laboratory:
    """The only door from a number in a URL to a Laboratory. Raises NotAllowed, NotHere."""
    must_see_laboratories(actor, park)
    found = Laboratory.objects.filter(park=park, pk=pk).first()
    if found is None:
        raise NotHere()
    return found


def contract_for(actor: Actor, park: Park, pk: int) -> Contract:
    """The only door from a number in a URL to a Contract. Raises NotAllowed, NotHere."""
    must_see_laboratories(actor, park)
    found = contracts_of(park).filter(pk=pk).first()
    if found is None:
        raise NotHere()
    return found


def account_for(laboratory: Laboratory, pk: int) -> LaboratoryAccount:
    """The door to an account that reports, from its laboratory behind its own door. Raises NotHere."""
    found = laboratory.accounts.filter(pk=pk).select_related("user").first()
    if found is None:
        raise NotHere()
    return found


def contracts_of(park: Park) -> QuerySet[Contract]:
    """Every contract of a park, the latest first."""
    return (Contract.objects.filter(park=park).select_related("laboratory", "point", "unit")
            .order_by("-since", "laboratory__name", "pk"))


def accounts_of(laboratory: Laboratory, at: datetime) -> QuerySet[LaboratoryAccount]:
    """Who reports for a laboratory at a moment, by name."""
    return (laboratory.accounts.filter(Q(until_at=None) | Q(until_at__gt=at), since_at__lte=at)
            .select_related("user").order_by("user__name", "pk"))


def accounts_to_tie(park: Park, at: datetime) -> list[User]:
    """Who holds the role of a laboratory in a park and reports for none."""
    tied = LaboratoryAccount.objects.filter(park=park, until_at=None).values("user")
    holding = User.objects.filter(memberships__park=park, memberships__role=AccountRole.LABORATORY, is_active=True)
    return [user for user in holding.exclude(pk__in=tied).distinct().order_by("name", "pk")
            if memberships_of(user, at).filter(park=park, role=AccountRole.LABORATORY).exists()]


def nearness(contract: Contract, point: Point) -> int | None:
    """How near a contract is to a point; None where it does not cover it."""
    if contract.point_id:
        return POINT if contract.point_id == point.pk else None
    if contract.unit:
        return ENTERPRISE if point.unit and point.unit.path.startswith(contract.unit.path) else None
    return WHOLE_PARK


def holds(contract: Contract, day: date) -> bool:
    """Does a contract hold on a day? Its `until` is the first day without it."""
    return contract.since <= day and (contract.until is None or day < contract.until)


def covering(contracts: Iterable[Contract], point: Point, day: date) -> list[Contract]:
    """The contracts that cover a point on a day: the nearest first, of these the one with the shortest turn-round."""
    near = [(nearness(each, point), each) for each in contracts if holds(each, day)]
    found = [(how, each.hours, each.laboratory.name, each.pk, each) for how, each in near if how is not None]
    return [each for *_order, each in sorted(found, key=lambda one: one[:-1])]


def own_rounds_allowed(unit: Unit, day: date) -> bool:
    """Does a contract of this enterprise let it open rounds of its own on a day?"""
    return Contract.objects.filter(holds_on(day), unit=unit, enterprise_opens=True).exists()


def opened_by(actor: Actor, park: Park, units: Sequence[Unit]) -> set[Unit]:
    """For which of these enterprises an actor may open rounds today because a contract lets the enterprise do so."""
    mine = [unit for unit in units if actor.may(Can.OPEN_OWN_ROUNDS, over=unit) and not actor.may(Can.OPEN_ROUNDS, over=unit)]
    if not mine:
        return set()
    allowed = set(Contract.objects.filter(holds_on(today_in(park)), unit__in=mine, enterprise_opens=True)
                  .values_list("unit_id", flat=True))
    return {unit for unit in mine if unit.pk in allowed}


def may_open_rounds(actor: Actor, park: Park) -> bool:
    """May an actor open any round here: by his power, or for an enterprise of his whose contract lets it?"""
    if actor.may_somewhere(Can.OPEN_ROUNDS, within=park):
        return True
    return actor.may_somewhere(Can.OPEN_OWN_ROUNDS, within=park) and bool(opened_by(actor, park, list(enterprises_of(
        park, actor.reach(Can.OPEN_OWN_ROUNDS)))))


def tested_by(actor: Actor, park: Park) -> Q:
    """The boxes of the points that an actor tests: those that a contract of his laboratory covers on the day the box was opened.

    The office, and everybody in a park that has no contract, are held to no point.
    """
    reporters = Reporters(park, actor)
    if reporters.is_office or not reporters.contracts:
        return ~Q(pk__in=[])
    covered = Q(pk__in=[])
    for each in reporters.contracts:
        if reporters.mine and each.laboratory_id == reporters.mine.pk:
            covered |= _boxes_under(each, park)
    return covered


def _boxes_under(contract: Contract, park: Park) -> Q:
    covered = Q(opened_at__gte=days.bounds(contract.since, park.zone)[0])
    if contract.until:
        covered &= Q(opened_at__lt=days.bounds(contract.until, park.zone)[0])
    if contract.point_id:
        covered &= Q(point=contract.point_id)
    elif contract.unit:
        covered &= Q(point__unit__path__startswith=contract.unit.path)
    return covered


class Reporters:
    """For which laboratory an actor reports in a park, and whether it may for a tube: looked up once for a batch.

    A park that keeps no laboratory takes results as they come. Where it keeps any, whoever holds the role of a laboratory
    reports for his own, and only tubes that a contract of it covers. The park office writes down what a laboratory told it:
    then the result is that of the laboratory whose contract is the nearest, if there is only one.
    """

    def __init__(self, park: Park, actor: Actor) -> None:
        self.park, self.actor = park, actor
        self.kept = Laboratory.objects.filter(park=park).exists()
        self.contracts = list(contracts_of(park)) if self.kept else []
        self.is_office = actor.may(Can.IMPORT_RECORDS, over=park)
        self.mine = self._mine() if self.kept and not self.is_office else None

    def _mine(self) -> Laboratory | None:
        kind, _colon, number = self.actor.key.partition(":")
        if kind != "user" or not number.isdecimal():
            return None
        tied = LaboratoryAccount.objects.filter(park=self.park, user=int(number), until_at=None).select_related("laboratory")
        account = tied.first()
        return account.laboratory if account else None

    @property
    def is_untied(self) -> bool:
        """Does the park keep laboratories, and does this account report for none of them?"""
        return self.kept and not self.is_office and self.mine is None

    def must_be_tied(self) -> None:
        """Refuse an account that reports for no laboratory of a park that keeps them. Raises AccountWithoutLaboratory."""
        if self.is_untied:
            raise AccountWithoutLaboratory()

    def laboratory_of(self, tube: Tube) -> Laboratory | None:
        """Which laboratory says what is in a tube; none where the park keeps none. Raises LaboratoryNotContracted."""
        if not self.kept:
            return None
        held = covering(self.contracts, tube.point, tube.round.day)
        if self.is_office:
            nearest = {each.laboratory_id: each.laboratory for each in held
                       if nearness(each, tube.point) == nearness(held[0], tube.point)}
            return next(iter(nearest.values())) if len(nearest) == 1 else None
        mine = next((each for each in held if self.mine and each.laboratory_id == self.mine.pk), None)
        if mine is None:
            raise LaboratoryNotContracted(laboratory=str(self.mine or "-"), point=tube.point.name, day=str(tube.round.day))
        return mine.laboratory
