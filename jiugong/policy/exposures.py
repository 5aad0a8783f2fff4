"""An exposure says how a meeting that the park's logs show becomes a ground of contact: same table, next table, same bus run.

The national text names grounds; which traces in a park's logs stand for them is told here, dated and cited like any rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from jiugong.policy.citations import Basis
from jiugong.policy.dated import Judged, Rule, read_heading, read_values
from jiugong.policy.plain import plain
from jiugong.policy.reading import Entry

CLASSES = ("close_contact", "general_contact", "venue_exposure")
KINDS = ("dorm_room", "workplace", "canteen_table", "bus", "ventilated_bus", "enclosed_space", "toilet", "lift", "clinic",
         "goods", "venue", "gate")


@dataclass(frozen=True, kw_only=True)
class ExposureTerms:
    """Who was with somebody, in which kind of place, how near, for how long: one kind of contact.

    `apart` is how far the numbers of two places of one hall may differ, from and to: 0 to 0 is the same table, 1 to 1 a
    neighbouring one, 0 to 3 within three rows of a bus. `minutes` names the parameter of the least stay; empty is any overlap.
    """

    kind: str
    contact: str
    apart: tuple[int, int]
    same_crew: bool                      # only of one enterprise, team and shift
    minutes: str
    onward: bool                         # a close contact passes it on: contacts of contacts, where the text knows them


@dataclass(frozen=True, kw_only=True)
class Exposure(Rule[ExposureTerms]):
    """One way in which logs show a ground. `ground` is the national one that it stands for; empty for a local one."""

    ground: str

    @property
    def name(self) -> str:
        """How lists of contacts call it: `bus`, `team_shift`."""
        return self.key.rpartition(".")[2]

    def judge(self, value: ExposureTerms, *, basis: Basis, day: date, given: Mapping[str, object]) -> Judged:
        """An exposure answers with its terms; no fact changes them."""
        return Judged(answer=plain(value))


def read_exposure(key: str, entry: Entry) -> Exposure:
    """Read an exposure's file."""
    heading = read_heading(key, entry, optional=("ground",))
    said = entry.pairs()
    ground = said["ground"].text() if "ground" in said else ""
    return Exposure(**heading, ground=ground, values=read_values(entry, _read_terms))


def _read_terms(entry: Entry) -> ExposureTerms:
    said = entry.fields("kind", "contact", optional=("apart", "same_crew", "minutes", "onward"))
    apart = tuple(each.whole_number(at_least=0) for each in said["apart"].items()) if "apart" in said else (0, 0)
    if len(apart) != 2 or apart[0] > apart[1]:
        said["apart"].wrong("How far apart is a pair, the smaller number first.", "Write it as [0, 3].")
    return ExposureTerms(
        kind=said["kind"].one_of(KINDS), contact=said["contact"].one_of(CLASSES), apart=(apart[0], apart[1]),
        same_crew="same_crew" in said and said["same_crew"].yes_or_no(),
        minutes=said["minutes"].text() if "minutes" in said else "",
        onward="onward" in said and said["onward"].yes_or_no())
