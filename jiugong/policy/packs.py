"""A pack is a folder of rules with a first page, `pack.yaml`, that says whose they are and from when to when."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeAlias

from jiugong.policy.citations import Basis, Words, read_basis, read_words
from jiugong.policy.contacts import Ground, read_ground
from jiugong.policy.controls import Control, read_control
from jiugong.policy.duties import Duty, read_duty
from jiugong.policy.errors import UnknownPack
from jiugong.policy.exposures import Exposure, read_exposure
from jiugong.policy.parameters import Parameter, read_parameter
from jiugong.policy.plain import Plain
from jiugong.policy.reading import Entry, read

FIRST_PAGE = "pack.yaml"

AnyRule: TypeAlias = Parameter | Control | Ground | Exposure | Duty
Read: TypeAlias = Callable[[str, Entry], AnyRule]


@dataclass(frozen=True, kw_only=True)
class Pack:
    """The first page of a pack. `end` is the first day on which it holds no longer; without one it is open.

    `day_index_base` is the number which the day of exposure, entry or departure itself carries when days are counted.
    """

    key: str
    title: Words
    issuer: str
    kind: str
    amends: str | None
    first_day: date
    end: date | None
    historical: bool
    day_index_base: int
    basis: Basis
    ended_by: Basis | None

    def in_force_on(self, day: date) -> bool:
        """Does it hold on this day?"""
        return self.first_day <= day and (self.end is None or day < self.end)

    def effect(self) -> dict[str, Plain]:
        """What of the first page changes an answer."""
        return {"first_day": str(self.first_day), "end": str(self.end) if self.end else None,
                "day_index_base": self.day_index_base}

    def words(self) -> dict[str, Plain]:
        """What the first page says."""
        return {"title": self.title.as_data(), "issuer": self.issuer, "kind": self.kind, "historical": self.historical,
                "basis": self.basis.as_data(), "ended_by": self.ended_by.as_data() if self.ended_by else None}


def available(root: Path) -> tuple[Pack, ...]:
    """Every pack in a folder of packs, the oldest text first."""
    packs = (read_pack(root, page.parent.name) for page in root.glob(f"*/{FIRST_PAGE}"))
    return tuple(sorted(packs, key=lambda pack: (pack.first_day, pack.key)))


def read_pack(root: Path, key: str) -> Pack:
    """Read the first page of a pack. Raises UnknownPack, BadPack."""
    known = sorted(page.parent.name for page in root.glob(f"*/{FIRST_PAGE}"))
    if key not in known:
        raise UnknownPack(pack=key, known=", ".join(known) or "none")
    entry = read(root / key / FIRST_PAGE, root=root)
    said = entry.fields("key", "title", "issuer", "kind", "first_day", "historical", "day_index_base",
                        optional=("amends", "end", "ended_by", "reference", "assumption"))
    if said["key"].text() != key:
        said["key"].wrong(f"The folder is called {key}.", "Give both the same name.")
    if ("end" in said) != ("ended_by" in said):
        entry.wrong("An end and the document that ended it go together.", "Write both `end:` and `ended_by:`.")
    return Pack(
        key=key, title=read_words(said["title"]), issuer=said["issuer"].text(), kind=said["kind"].text(),
        amends=said["amends"].text() if "amends" in said else None,
        first_day=said["first_day"].day(), end=said["end"].day() if "end" in said else None,
        historical=said["historical"].yes_or_no(), day_index_base=said["day_index_base"].whole_number(at_least=0),
        basis=read_basis(entry), ended_by=read_basis(said["ended_by"]) if "ended_by" in said else None,
    )


def read_rules(root: Path, pack: Pack) -> dict[str, AnyRule]:
    """Read every rule file of one pack, by key. The key of a rule is where its file stands."""
    folders: Mapping[str, Read] = {
        "parameters": read_parameter,
        "control": partial(read_control, day_index_base=pack.day_index_base),
        "contacts/grounds": read_ground,
        "contacts/exposures": read_exposure,
        "contacts": read_parameter,
        "duties": read_duty,
    }
    rules: dict[str, AnyRule] = {}
    for path in sorted((root / pack.key).rglob("*.yaml")):
        place = path.relative_to(root / pack.key)
        folder = next((one for one in folders if place.is_relative_to(one)), None)
        if folder:
            rule = folders[folder](_key_of(place), read(path, root=root))
            rules[rule.key] = rule
        elif place.parts[0] not in (FIRST_PAGE, "cases"):
            read(path, root=root).wrong(f"Rules do not stand in {place.parent}.", f"Use: {', '.join(folders)}.")
    return rules


def _key_of(place: Path) -> str:
    """`control/close_contact.yaml` is `control.close_contact`; the folder `parameters` is left out of the key."""
    parts = place.with_suffix("").parts
    return ".".join(parts[1:] if parts[0] == "parameters" else parts)
