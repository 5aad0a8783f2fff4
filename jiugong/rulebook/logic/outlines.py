"""The outline of a plan: what it is asked to answer, by which document, and which rules each section rests on."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jiugong.policy.citations import Basis, Words, read_basis, read_words
from jiugong.policy.reading import Entry, read

FILE = Path(__file__).resolve().parent.parent / "outlines.yaml"
ENTERPRISE = "enterprise"


@dataclass(frozen=True, kw_only=True)
class Section:
    """One section: its title, what it asks, on what that rests, and the rules whose change touches it."""

    key: str
    title: Words
    ask: Words
    rests_on: tuple[str, ...]
    basis: Basis

    def is_about(self, rule: str) -> bool:
        """Does this rule belong to the section? `control` names every control; `duties.antigen` also its variants."""
        return any(rule == each or rule.startswith((f"{each}.", f"{each}_")) for each in self.rests_on)


@cache
def outline(name: str) -> tuple[Section, ...]:
    """The sections of `enterprise`, of the park's `control` plan or of its `emergency` plan, in order."""
    return tuple(_section(key, entry) for key, entry in read(FILE, root=FILE.parent).pairs()[name].pairs().items())


def touched(sections: Iterable[Section], rules: Collection[str]) -> list[str]:
    """The sections, by key, that rest on one of these rules."""
    return [section.key for section in sections if any(section.is_about(rule) for rule in rules)]


def _section(key: str, entry: Entry) -> Section:
    said = entry.fields("title", "ask", "rests_on", optional=("reference", "assumption"))
    return Section(key=key, title=read_words(said["title"]), ask=read_words(said["ask"]), basis=read_basis(entry),
                   rests_on=tuple(each.text() for each in said["rests_on"].items()))
