"""What a day came to: every duty and round of it, counted, and who missed it."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from jiugong.closing.errors import DayNotOver
from jiugong.closing.models import CountKind
from jiugong.duties.queries import owing
from jiugong.lib import clock, days
from jiugong.policy import DutyInForce, Window
from jiugong.registry.models import Park
from jiugong.registry.queries.coverage import Asked, Coverage
from jiugong.rulebook import queries as rulebook
from jiugong.screening.models import Round
from jiugong.screening.queries import rounds

JUST_BEFORE = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class Missed:
    """Who or what missed something."""

    person_id: int | None = None
    unit_id: int | None = None
    place_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Settled:
    """One duty in its window, or one round, as it stood when the day was closed."""

    kind: CountKind
    key: str
    subject: str
    zh: str
    en: str
    covered: Coverage
    window: str = ""
    misses: list[Missed] = field(default_factory=list)


def must_be_over(park: Park, day: date) -> None:
    """Refuse a day that lasts, or of which a window or a round is still open. Raises DayNotOver."""
    if not days.is_counted(day):
        raise DayNotOver(day=str(day), until=str(day))
    now, ends = clock.now(), days.bounds(day, park.zone)[1]
    if now >= ends:
        open_until = [window.closes_at for _rule, window in windows_of(park, day)]
        ends = max([ends, *open_until, *Round.objects.filter(park=park, day=day).values_list("closes_at", flat=True)])
    if now < ends:
        raise DayNotOver(day=str(day), until=days.local(ends, park.zone)[:16])


def windows_of(park: Park, day: date) -> list[tuple[DutyInForce, Window]]:
    """Every window of a day in which something is owed, by the release in force on it."""
    return [(rule, window) for rule in rulebook.duties_on(park, day) for window in rule.windows(park.zone)]


def settle(park: Park, day: date, *, with_misses: bool = True) -> list[Settled]:
    """Count every duty and round of a day, with who missed it."""
    settled = [_round(each, with_misses) for each in rounds.with_targets(Round.objects.filter(park=park, day=day)).order_by(
        "number")]
    for rule, window in windows_of(park, day):
        due = owing.Due(rule=rule, window=window)
        asked = owing.asked_by(park, due, window.closes_at - JUST_BEFORE)
        covered = asked.coverage()
        if covered.owed:
            settled.append(Settled(kind=CountKind.DUTY, key=rule.key, subject=rule.subject, zh=rule.title.zh_hans, en=rule.title.en,
                                   window=window.key, covered=covered, misses=_misses(asked, rule.subject, with_misses)))
    return settled


def _round(the_round: Round, with_misses: bool) -> Settled:
    """A round until the end of its day, or until it closed where that was later."""
    end = days.bounds(the_round.day, the_round.park.zone)[1] - JUST_BEFORE
    asked = rounds.asked_by(the_round, max(end, the_round.closes_at))
    return Settled(kind=CountKind.ROUND, key=str(the_round.number), subject="person", zh=f"第 {the_round.number} 轮核酸采样",
                   en=f"Round {the_round.number}", covered=asked.coverage(), misses=_misses(asked, "person", with_misses))


def _misses(asked: Asked, subject: str, wanted: bool) -> list[Missed]:
    if not wanted:
        return []
    rows = asked.missing().order_by("pk")
    if subject == "person":
        return [Missed(person_id=person, unit_id=unit) for person, unit in rows.values_list("person_id", "unit_id")]
    if subject == "unit":
        return [Missed(unit_id=pk) for pk in rows.values_list("pk", flat=True)]
    return [Missed(place_id=pk) for pk in rows.values_list("pk", flat=True)]
