"""Evidence of cleanliness: disinfection of a place, masks and hands of a team, waste that was taken away.

The ranges are those of practice (chlorine 500 mg/L for 30 minutes on surfaces, 5,000 to 10,000 on what is visibly
soiled; 75 % alcohol on small things). A pack says which agents work against its pathogen, and may ask for more.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from jiugong.duties.logic.shapes import Data, Misshapen, Parameters, Read, count, number, text, word
from jiugong.policy import Agent
from jiugong.policy.tables import SURFACES

WAYS = ("wipe", "spray", "mop", "soak", "fog", "expose")
WASTE_KINDS = ("domestic", "protective", "medical")
MOST_MINUTES, MOST_KILOGRAMS, MOST_BAGS = 24 * 60, 100_000, 10_000
AT_ONCE = timedelta(minutes=1)               # two places within a minute are too many for one pair of hands
TOGETHER = 3                                 # so many logs of different minutes written within one are worth a look


@dataclass(frozen=True, kw_only=True)
class Strength:
    """How strong an agent has to be, in which unit, and for how many minutes. Without a unit it has no concentration."""

    unit: str = ""
    at_least: float = 0
    at_most: float = 0
    minutes: int = 1


PRACTICE = {
    "chlorine": Strength(unit="mg_per_litre", at_least=250, at_most=20_000, minutes=30),
    "alcohol": Strength(unit="percent", at_least=70, at_most=80, minutes=3),
    "hydrogen_peroxide": Strength(unit="percent", at_least=3, at_most=6, minutes=30),
    "peracetic_acid": Strength(unit="percent", at_least=0.1, at_most=0.5, minutes=30),
    "iodophor": Strength(unit="mg_per_litre", at_least=500, at_most=5_000, minutes=3),
    "quaternary_ammonium": Strength(unit="mg_per_litre", at_least=1_000, at_most=2_000, minutes=15),
    "ultraviolet": Strength(minutes=30),
    "heat": Strength(unit="celsius", at_least=56, at_most=140, minutes=30),
}


def _rows(parameters: Parameters) -> Sequence[Agent]:
    said = parameters.get("disinfection.agents")
    return [each for each in said if isinstance(each, Agent)] if isinstance(said, tuple | list) else []


def works(agent: str, use: str, parameters: Parameters) -> bool:
    """Does an agent work against the pathogen of the park's rules? What the rules do not name works as in practice."""
    mine = [each for each in _rows(parameters) if each.agent == agent]
    here = [each for each in mine if each.use == use] or mine
    return not here or any(each.accepted for each in here)


def working(use: str, parameters: Parameters) -> tuple[str, ...]:
    """The agents to choose from for a use: those which the rules name come first."""
    named = [each.agent for each in _rows(parameters) if each.accepted]
    return tuple(dict.fromkeys(each for each in (*named, *PRACTICE) if works(each, use, parameters) and each in PRACTICE))


def strength(agent: str, use: str, parameters: Parameters) -> Strength:
    """How strong and how long: by the rules for this use, and by practice where they do not say."""
    known = PRACTICE[agent]
    row = next((each for each in _rows(parameters) if (each.agent, each.use) == (agent, use) and each.accepted), None)
    if row is None:
        return known
    minutes = row.minutes or known.minutes
    if row.at_least is None or row.unit is None:
        return replace(known, minutes=minutes)
    most = float(row.at_most) if row.at_most is not None else known.at_most
    return Strength(unit=row.unit, at_least=float(row.at_least), at_most=max(most, float(row.at_least)), minutes=minutes)


def read_disinfection(data: Data, parameters: Parameters) -> Read:
    """`agent`, `use` (surfaces if it is not said), `concentration` with `unit`, `contact_minutes`, `way`, `operator`, `what`.

    An agent that does not work against the pathogen and a solution too weak or too strong are refused. A contact time
    below what the agent needs is kept and does not count; exactly what it needs counts.
    """
    agent = word(data, "agent", tuple(PRACTICE))
    use = word(data, "use", SURFACES, needed=False) or SURFACES[0]
    if not works(agent, use, parameters):
        raise Misshapen("agent", "agent_useless", agent=agent, working=", ".join(working(use, parameters)))
    needed = strength(agent, use, parameters)
    read: dict[str, object] = {"agent": agent, "use": use, "concentration": None, "unit": ""}
    if needed.unit:
        unit = word(data, "unit", (needed.unit,), needed=False) or needed.unit
        found = number(data, "concentration", at_least=0, at_most=1e6)
        if not needed.at_least <= found <= needed.at_most:
            raise Misshapen("concentration", "concentration", agent=agent, found=f"{found:g}", unit=unit,
                            at_least=f"{needed.at_least:g}", at_most=f"{needed.at_most:g}")
        read |= {"concentration": found, "unit": unit}
    minutes = count(data, "contact_minutes", at_least=1, at_most=MOST_MINUTES)
    return Read(valid=minutes >= needed.minutes, data=read | {
        "contact_minutes": minutes, "way": word(data, "way", WAYS), "operator": text(data, "operator", longest=40),
        "what": text(data, "what", longest=120)})


def read_hygiene_check(data: Data, _parameters: Parameters) -> Read:
    """How many people were seen, how many wore the mask right, how many washed their hands; a remark."""
    seen = count(data, "seen", at_least=1, at_most=50_000)
    found = {"seen": seen, "masks_right": count(data, "masks_right"), "hands_washed": count(data, "hands_washed")}
    for field in ("masks_right", "hands_washed"):
        if found[field] > seen:
            raise Misshapen(field, "more_than_seen", seen=seen)
    return Read(data=found | {"remark": text(data, "remark", needed=False)})


def read_standing_water(data: Data, _parameters: Parameters) -> Read:
    """How many spots with standing water were found, and how many of them emptied, filled or covered. It counts once all are."""
    found, cleared = count(data, "spots_found"), count(data, "spots_cleared")
    if cleared > found:
        raise Misshapen("spots_cleared", "more_than_found", found=found)
    return Read(valid=cleared == found, data={
        "spots_found": found, "spots_cleared": cleared, "remark": text(data, "remark", needed=False)})


def read_waste_transfer(data: Data, _parameters: Parameters) -> Read:
    """`kg` or `bags` or both, the `kind` of waste, `from` where, the `carrier`, and who received it."""
    kilograms = number(data, "kg", at_least=0.1, at_most=MOST_KILOGRAMS) if data.get("kg") not in (None, "") else None
    bags = count(data, "bags", at_least=1, at_most=MOST_BAGS) if data.get("bags") not in (None, "") else None
    if kilograms is None and bags is None:
        raise Misshapen("kg", "kg_or_bags")
    return Read(data={
        "kg": kilograms, "bags": bags, "kind": word(data, "kind", WASTE_KINDS), "from": text(data, "from", longest=120),
        "carrier": text(data, "carrier", longest=80), "received_by": text(data, "received_by", longest=40)})


# doubts --------------------------------------------------------------------------------------------------------------

@dataclass(frozen=True, kw_only=True)
class Log:
    """A disinfection as far as doubt needs it."""

    pk: int
    place_id: int | None
    operator: str
    happened_at: datetime
    received_at: datetime
    recorded_by: str


def doubts(logs: Iterable[Log]) -> dict[int, tuple[str, ...]]:
    """What is worth a look in a day's logs, by log: `two_places` where one operator was at two places within a minute,
    `written_together` where three or more logs of different minutes were written within one."""
    found: dict[int, list[str]] = defaultdict(list)
    logs = list(logs)
    for pk in _at_two_places(logs):
        found[pk].append("two_places")
    for pk in _written_together(logs):
        found[pk].append("written_together")
    return {pk: tuple(said) for pk, said in found.items()}


def _at_two_places(logs: Sequence[Log]) -> set[int]:
    by_operator: dict[str, list[Log]] = defaultdict(list)
    for log in sorted(logs, key=lambda each: each.happened_at):
        by_operator[log.operator].append(log)
    found: set[int] = set()
    for mine in by_operator.values():
        for at, log in enumerate(mine):
            for other in mine[at + 1:]:
                if other.happened_at - log.happened_at >= AT_ONCE:
                    break
                if other.place_id != log.place_id:
                    found |= {log.pk, other.pk}
    return found


def _written_together(logs: Sequence[Log]) -> set[int]:
    by_writer: dict[str, list[Log]] = defaultdict(list)
    for log in sorted(logs, key=lambda each: each.received_at):
        by_writer[log.recorded_by].append(log)
    found: set[int] = set()
    for mine in by_writer.values():
        first = 0
        for last, log in enumerate(mine):
            while log.received_at - mine[first].received_at >= AT_ONCE:
                first += 1
            together = mine[first:last + 1]
            times = [each.happened_at for each in together]
            if len(together) >= TOGETHER and max(times) - min(times) >= AT_ONCE:
                found |= {each.pk for each in together}
    return found
