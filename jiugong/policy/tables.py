"""Values with several columns: a parameter whose value is a row, or a short table of rows, of the same few words."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import TypeVar

from jiugong.policy.reading import Entry

# Who can be told of something that is missing: the person, then whoever answers for the person, further and further up.
RECIPIENTS = ("person", "team_leader", "workshop_leader", "prevention_officer", "enterprise_chief", "grid_leader",
              "park_chief")
AGENTS = ("alcohol", "chlorine", "peracetic_acid", "hydrogen_peroxide", "iodophor", "quaternary_ammonium",
          "ultraviolet", "heat")
SURFACES = ("surfaces", "vomit", "toilets", "small_things", "hands", "air")
UNITS = ("mg_per_litre", "percent", "celsius")
SCOPES = ("enterprise", "workshop", "team", "dorm_room", "site", "park")
COLOURS = ("green", "yellow", "orange", "red")

R = TypeVar("R")


@dataclass(frozen=True, kw_only=True)
class Step:
    """So many minutes after a window has closed this one is told what is still missing."""

    after_minutes: int
    to: str


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """So many cases within so many days in one of these: somebody must be told, or something begins."""

    count: int
    window_days: int
    scope: str


@dataclass(frozen=True, kw_only=True)
class Agent:
    """A disinfectant for one use: refused, or accepted from a concentration and a contact time on, where known.

    Why it is refused stands in the note of the value.
    """

    agent: str
    use: str
    accepted: bool
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    unit: str | None = None
    minutes: int | None = None


@dataclass(frozen=True, kw_only=True)
class Band:
    """From this number on (up to the next band) the colour holds."""

    at_least: Decimal
    colour: str


def band_of(index: Decimal, bands: tuple[Band, ...]) -> Band:
    """The highest band that an index reaches. The bound itself belongs to the higher one."""
    return next(band for band in reversed(bands) if index >= band.at_least)


def read_steps(entry: Entry) -> tuple[Step, ...]:
    """Read the steps of an escalation, each later than the one before."""
    steps = _rows(entry, _read_step)
    if any(one.after_minutes >= later.after_minutes for one, later in pairwise(steps)):
        entry.wrong("The steps do not stand in the order of their minutes.", "Write each later than the one before.")
    return steps


def read_threshold(entry: Entry) -> Threshold:
    """Read one threshold."""
    said = entry.fields("count", "window_days", "scope")
    return Threshold(count=said["count"].whole_number(at_least=1), scope=said["scope"].one_of(SCOPES),
                     window_days=said["window_days"].whole_number(at_least=1))


def read_agents(entry: Entry) -> tuple[Agent, ...]:
    """Read disinfectants, each of them once for each use."""
    agents = _rows(entry, _read_agent)
    if len({(one.agent, one.use) for one in agents}) < len(agents):
        entry.wrong("An agent is said twice for the same use.", "Keep one of the two.")
    return agents


def read_bands(entry: Entry) -> tuple[Band, ...]:
    """Read the bands of an index, from the lowest up; the first begins at 0, so that every number has a colour."""
    bands = _rows(entry, _read_band)
    if bands[0].at_least or any(one.at_least >= higher.at_least for one, higher in pairwise(bands)):
        entry.wrong("The bands do not begin at 0 and rise.", "Write the lowest first, from 0 on.")
    return bands


def _rows(entry: Entry, read_row: Callable[[Entry], R]) -> tuple[R, ...]:
    rows = tuple(read_row(item) for item in entry.items())
    if not rows:
        entry.wrong("The table has no row.", "Write at least one, or end the rule.")
    return rows


def _read_step(entry: Entry) -> Step:
    said = entry.fields("after_minutes", "to")
    return Step(after_minutes=said["after_minutes"].whole_number(at_least=0), to=said["to"].one_of(RECIPIENTS))


def _read_agent(entry: Entry) -> Agent:
    said = entry.fields("agent", "use", "accepted", optional=("at_least", "at_most", "unit", "minutes"))
    accepted = said["accepted"].yes_or_no()
    measures = [name for name in ("at_least", "at_most", "unit", "minutes") if name in said]
    if measures and not accepted:
        entry.wrong("An agent that is refused has no measures.", f"Leave out {', '.join(measures)}.")
    if ("at_least" in said) != ("unit" in said) or ("at_most" in said and "at_least" not in said):
        entry.wrong("A concentration is a number with its unit.", "Write `at_least:` and `unit:` together.")
    agent = Agent(
        agent=said["agent"].one_of(AGENTS), use=said["use"].one_of(SURFACES), accepted=accepted,
        at_least=said["at_least"].decimal() if "at_least" in said else None,
        at_most=said["at_most"].decimal() if "at_most" in said else None,
        unit=said["unit"].one_of(UNITS) if "unit" in said else None,
        minutes=said["minutes"].whole_number(at_least=1) if "minutes" in said else None,
    )
    if agent.at_least is not None and agent.at_most is not None and agent.at_most < agent.at_least:
        entry.wrong("The concentration ends before it begins.", "Write the lower number as `at_least:`.")
    return agent


def _read_band(entry: Entry) -> Band:
    said = entry.fields("at_least", "colour")
    return Band(at_least=said["at_least"].decimal(), colour=said["colour"].one_of(COLOURS))
