"""A contact ground says when two people who met are contacts. Here it is read and listed; `tracing` will apply it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from jiugong.policy.citations import Basis
from jiugong.policy.dated import Judged, Rule, read_heading, read_values
from jiugong.policy.plain import plain
from jiugong.policy.reading import Entry


@dataclass(frozen=True, kw_only=True)
class GroundTerms:
    """A ground's number in its document, the kinds of places in a park where it arises, and the parameters it uses."""

    number: int
    places: tuple[str, ...]
    parameters: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Ground(Rule[GroundTerms]):
    """One ground on which somebody is a contact."""

    def judge(self, value: GroundTerms, *, basis: Basis, day: date, given: Mapping[str, object]) -> Judged:
        """A ground answers with its terms; no fact changes them."""
        return Judged(answer=plain(value))


def read_ground(key: str, entry: Entry) -> Ground:
    """Read a ground's file."""
    return Ground(**read_heading(key, entry), values=read_values(entry, _read_terms))


def _read_terms(entry: Entry) -> GroundTerms:
    said = entry.fields("number", "places", "parameters")
    return GroundTerms(
        number=said["number"].whole_number(at_least=1),
        places=tuple(place.text() for place in said["places"].items()),
        parameters=tuple(parameter.text() for parameter in said["parameters"].items()),
    )
