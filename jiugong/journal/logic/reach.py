"""Whom a notice is for, as somebody chose it; and which branches are left of it within what he may reach. Plain Python."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Where: grids and enterprises, or the whole park without any. Who there: workers, perhaps of some posts; roles of accounts."""

    units: tuple[str, ...] = ()              # ids of enterprises
    grids: tuple[int, ...] = ()
    workers: bool = True
    posts: tuple[str, ...] = ()
    key_posts: bool = False
    roles: tuple[str, ...] = ()

    def as_data(self) -> dict[str, Any]:
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}


def read_reach(data: Mapping[str, Any]) -> Reach:
    """What was stored. What an older version did not know is left at its beginning."""
    return Reach(units=tuple(data.get("units", ())), grids=tuple(data.get("grids", ())), workers=bool(data.get("workers", True)),
                 posts=tuple(data.get("posts", ())), key_posts=bool(data.get("key_posts")), roles=tuple(data.get("roles", ())))


def within_both(chosen: Iterable[str], held: Sequence[str]) -> tuple[str, ...]:
    """The branches that lie below one of each: what was chosen, as far as it is held. No branch below another stands beside it."""
    both = {branch if branch.startswith(root) else root for branch in chosen for root in held
            if branch.startswith(root) or root.startswith(branch)}
    return tuple(sorted(branch for branch in both if not any(branch != other and branch.startswith(other) for other in both)))


def covers(held: Sequence[str], branches: Iterable[str]) -> bool:
    """Does somebody who holds these branches reach all of those?"""
    return all(any(branch.startswith(root) for root in held) for branch in branches)
