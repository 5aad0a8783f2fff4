"""Who acts, and the two ports through which every room notes what was done and tells what happened.

`journal` plugs in what keeps the notes, `jiugong/reactions.py` plugs in who listens, `accounts` makes actors.
So a room on the lowest step can say `actor.must(...)`, `note(...)` and `tell(...)` without knowing who hears it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar

from jiugong.lib.can import Can
from jiugong.lib.refusal import Refusal

T = TypeVar("T")

EVERYTHING = ""            # the branch that every branch begins with


class Rooted(Protocol):
    """A thing that stands somewhere on the two trees: `branches` are its paths, as in `u/1/7/` or `p/1/3/`."""

    @property
    def branches(self) -> tuple[str, ...]: ...


class NotAllowed(Refusal):
    code = "accounts.not_allowed"
    message = "%(actor)s may not do this here (%(power)s). Ask whoever runs the park's accounts."


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Somebody who acts: a key that the journal keeps, a name for people, and powers over branches of the trees."""

    key: str
    name: str
    powers: Mapping[Can, tuple[str, ...]] = field(default_factory=dict)

    def may(self, power: Can, *, over: Rooted) -> bool:
        """Does one of the branches over which the actor holds this power contain the thing?"""
        held = self.powers.get(power, ())
        return any(branch.startswith(root) for branch in over.branches for root in held)

    def must(self, power: Can, *, over: Rooted) -> None:
        """Refuse unless the actor may. Raises NotAllowed."""
        if not self.may(power, over=over):
            raise NotAllowed(actor=self.name, power=power.value)

    def may_somewhere(self, power: Can, *, within: Rooted) -> bool:
        """Does the actor hold this power over any part of a park? What he holds in another park does not count."""
        return any(root.startswith(branch) or branch.startswith(root)
                   for root in self.reach(power) for branch in within.branches)

    def must_somewhere(self, power: Can, *, within: Rooted) -> None:
        """Refuse whoever holds a power over no part of a park: he is refused, not shown an empty page.

        Raises NotAllowed.
        """
        if not self.may_somewhere(power, within=within):
            raise NotAllowed(actor=self.name, power=power.value)

    def reach(self, power: Can) -> tuple[str, ...]:
        """The branches over which the actor holds a power; empty is nothing at all."""
        return self.powers.get(power, ())


def all_powers(*, key: str, name: str) -> Actor:
    """An actor without bounds: the operator at the command line and the house's own keeper."""
    return Actor(key=key, name=name, powers=dict.fromkeys(Can, (EVERYTHING,)))


def operator() -> Actor:
    """Whoever sits at the command line of this JIUGONG_HOME. Journalled under this name."""
    return all_powers(key="operator", name="operator")


def keeper() -> Actor:
    """The house itself, when one thing follows from another (`jiugong/reactions.py`)."""
    return all_powers(key="keeper", name="keeper")


# note: what was done ------------------------------------------------------------------------------------------------

@dataclass(frozen=True, kw_only=True)
class Note:
    """One thing that was done: a verb such as `tube.sealed`, about what, by whom, when, with which facts."""

    verb: str
    actor: Actor
    park_id: int | None
    subject: str
    at: datetime
    facts: Mapping[str, Any]


_notes: list[Callable[[Note], None]] = []


def keep_notes_with(keeper_of_notes: Callable[[Note], None]) -> None:
    """Plug in what keeps notes. The journal does so when the house starts."""
    if keeper_of_notes not in _notes:
        _notes.append(keeper_of_notes)


def note(verb: str, *, actor: Actor, at: datetime, park_id: int | None = None, subject: str = "", **facts: Any) -> None:
    """Note what was done, in the transaction in which it is done."""
    for keep in _notes:
        keep(Note(verb=verb, actor=actor, park_id=park_id, subject=subject, at=at, facts=facts))


# look: who looked at whom -------------------------------------------------------------------------------------------

@dataclass(frozen=True, kw_only=True)
class Look:
    """Somebody looked at people's data: which people, which fields, and why."""

    actor: Actor
    park_id: int
    person_ids: tuple[int, ...]
    fields: tuple[str, ...]
    reason: str
    at: datetime


_looks: list[Callable[[Look], None]] = []


def keep_looks_with(keeper_of_looks: Callable[[Look], None]) -> None:
    """Plug in what keeps looks."""
    if keeper_of_looks not in _looks:
        _looks.append(keeper_of_looks)


def looked(*, actor: Actor, park_id: int, person_ids: Iterable[int], fields: tuple[str, ...], reason: str,
           at: datetime) -> None:
    """Journal that somebody looked at people's data. Call it before the data leaves the room."""
    look = Look(actor=actor, park_id=park_id, person_ids=tuple(person_ids), fields=fields, reason=reason, at=at)
    for keep in _looks:
        keep(look)


# tell: what happened ------------------------------------------------------------------------------------------------

LONGEST_CHAIN = 3

_listeners: dict[type, list[Callable[[Any], None]]] = {}
_depth: ContextVar[int] = ContextVar("telling_depth", default=0)


class ChainTooLong(RuntimeError):
    """One thing led to another more than three times: a circle in `reactions.py`, not a plan."""


def on(happening: type[T]) -> Callable[[Callable[[T], None]], Callable[[T], None]]:
    """Mark what follows from a happening. Only `jiugong/reactions.py` uses this."""
    def listen(reaction: Callable[[T], None]) -> Callable[[T], None]:
        listeners = _listeners.setdefault(happening, [])
        if reaction not in listeners:
            listeners.append(reaction)
        return reaction
    return listen


def tell(happening: Any) -> None:
    """Tell the house what happened; what follows runs now, in the same transaction, in written order."""
    with _one_step_further(happening):
        for reaction in _listeners.get(type(happening), ()):
            reaction(happening)


@contextmanager
def _one_step_further(happening: Any) -> Iterator[None]:
    depth = _depth.get() + 1
    if depth > LONGEST_CHAIN:
        raise ChainTooLong(f"{type(happening).__name__} would be step {depth} of one chain")
    token = _depth.set(depth)
    try:
        yield
    finally:
        _depth.reset(token)
