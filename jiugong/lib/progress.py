"""How far long work is. Whoever does it says so here; whoever shows it listens, and may stop it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[int, int], None]

_listener: ContextVar[Listener | None] = ContextVar("progress_listener", default=None)


class Stopped(Exception):
    """Whoever asked for this work does not want it any more. What it wrote goes back with its transaction."""


def step(done: int, total: int) -> None:
    """Say how far it is. Raises Stopped where nobody wants it any more; says nothing where nobody listens."""
    listener = _listener.get()
    if listener:
        listener(done, total)


@contextmanager
def told_to(listener: Listener) -> Iterator[None]:
    """Let somebody hear how far it is."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
