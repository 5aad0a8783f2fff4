"""The desk at which scans wait for their turn: one writer binds all that wait, in one transaction.

A database writes one transaction after the other, and what costs is the transaction, not the row. So what has arrived
while one is written is written together in the next. Nothing is acknowledged before it is committed, and the line has a
bound: whoever comes when it is full is told at once when to come again, and nothing of his is taken.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from time import perf_counter
from typing import Any

from django.db import close_old_connections, connection

from jiugong.monitoring import BATCH_SECONDS
from jiugong.registry.models import Park
from jiugong.screening.actions.scans import MOST_SCANS, Answer, Sending, bind_together

MOST_WAITING = 256                           # sendings in line, where each is written quickly …
LONGEST_WAIT = 0.25                          # … and seconds of work in line, however long each takes
CALM = 0.8                                   # how much of the pace so far is kept at each transaction
LONGEST_GATHERING = 0.006                    # seconds: longer than those who were answered at once take to come again
AT_ONCE = MOST_SCANS                         # scans in one transaction, beyond which the next begins

_pen = threading.Lock()


def bind_at_desk(park: Park, sending: Sending) -> list[Answer]:
    """Bind what one device sent, while nobody else of this process writes scans. Raises TooManyScans."""
    with _the_pen():
        return bind_together(park, [sending])[0]


def _the_pen() -> AbstractContextManager[Any]:
    """SQLite has one writer: whoever wants to write waits here, in order, instead of asking again and again."""
    return _pen if connection.vendor == "sqlite" else nullcontext()


class Visit:
    """What one device sent, in line: read by the writer, bound with others, answered by `answer` or `fail`."""

    def read(self) -> tuple[Park, Sending]:
        """The park and the scans. Raises a Refusal where the whole of it cannot be taken."""
        raise NotImplementedError

    def answer(self, answers: list[Answer]) -> None:
        raise NotImplementedError

    def fail(self, reason: Exception) -> None:
        raise NotImplementedError


class Desk:
    """The line of one server process, and its writer. `done` is called when the answers of a transaction are ready.

    `gathers`: seconds for which the writer waits for as many as came last time.
    """

    def __init__(self, done: Callable[[Sequence[Visit]], None], *, gathers: float = LONGEST_GATHERING) -> None:
        self._line: deque[Visit] = deque()
        self._bell = threading.Semaphore(0)
        self._done = done
        self._closing = False
        self._gathers = gathers
        self._together = 0                   # how many sendings were written at once last
        self._pace = 0.0                     # seconds for each sending, of late

    @property
    def waiting(self) -> int:
        """How many sendings are in line."""
        return len(self._line)

    @property
    def is_full(self) -> bool:
        waiting = len(self._line)
        return waiting >= MOST_WAITING or waiting * self._pace > LONGEST_WAIT or self._closing

    def join(self, visit: Visit) -> bool:
        """Stand in line; False where it is full."""
        if self.is_full:
            return False
        self._line.append(visit)
        self._bell.release()
        return True

    def open(self) -> threading.Thread:
        """Begin to write."""
        writer = threading.Thread(target=self._write_on, name="desk", daemon=True)
        writer.start()
        return writer

    def close(self) -> None:
        """Write what is in line, then stop."""
        self._closing = True
        self._bell.release()

    def _write_on(self) -> None:
        while True:
            self._bell.acquire()
            self._gather()
            waiting = [self._line.popleft() for _ in range(len(self._line))]
            self._together = len(waiting) or self._together
            while waiting:
                waiting = self._write(waiting)
            if not self._line:
                _let_go()                        # nobody waits: whoever has none may have ours
            if self._closing and not self._line:
                return

    def _gather(self) -> None:
        """Wait a moment for as many as were written together last: those who were answered at once come again at once."""
        until = perf_counter() + self._gathers
        while len(self._line) < self._together and not self._closing and (left := until - perf_counter()) > 0:
            self._bell.acquire(timeout=left)

    def _write(self, waiting: list[Visit]) -> list[Visit]:
        """Bind those of the first one's park, as far as one transaction holds; what is left waits for the next."""
        together: list[tuple[Visit, Sending]] = []
        left: list[Visit] = []
        first: Park | None = None
        scans = 0
        for visit in waiting:
            try:
                park, sending = visit.read()
            except Exception as reason:
                visit.fail(reason)
                self._done([visit])
                continue
            first = first or park
            if park.pk == first.pk and (not together or scans + len(sending.scans) <= AT_ONCE):
                together.append((visit, sending))
                scans += len(sending.scans)
            else:
                left.append(visit)
        if first is not None:
            self._bind(first, together)
        return left

    def _bind(self, park: Park, together: list[tuple[Visit, Sending]]) -> None:
        """Bind these in one transaction; where that fails, each alone, so that nobody pays for another's mistake."""
        try:
            began = perf_counter()
            with _the_pen():
                answers = bind_together(park, [sending for _visit, sending in together])
            seconds = perf_counter() - began
            self._pace = CALM * self._pace + (1 - CALM) * seconds / len(together)
            BATCH_SECONDS.observe(seconds)
            for (visit, _sending), answer in zip(together, answers, strict=True):
                visit.answer(answer)
        except Exception as reason:
            if len(together) > 1:
                for each in together:
                    self._bind(park, [each])
                return
            together[0][0].fail(reason)
            _let_go()
        self._done([visit for visit, _sending in together])


def _let_go() -> None:
    """Give the connection back, or drop one that broke; not one whose transaction somebody else began."""
    if not connection.in_atomic_block:
        close_old_connections()
