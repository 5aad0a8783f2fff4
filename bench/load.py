"""Load: many clients in one small process, on the two cores that the server has too.

A client is one keep-alive connection. In a closed loop each sends again as soon as it has heard its answer, as a queue at
a desk does. In an open loop (`rate`) requests begin on time whether or not earlier ones were answered, as a city does; what
could not begin within a second, since every client waits or the machine is too busy, is counted as `unsent` and not hidden.

Nothing but sockets and epoll, so that the load costs little: `python -m bench.ceiling` measures what it can do at most.
"""

import errno
import select
import socket
import time
from array import array
from collections import Counter, defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Protocol

BROKEN, TOO_LATE = 0, -1                                    # beside HTTP's own statuses
TAKEN = (200, 201)
AFTER_A_BREAK, NOTHING_NOW = 0.1, 0.05
A_SECOND_LATE = 1.0
BETWEEN_LOOKS = 0.25                                         # at who has waited too long


class Source(Protocol):
    """What clients send, and what they make of the answers."""

    def ask(self, client: int) -> bytes | None:
        """The next request of a client; empty when it has nothing now, none when it is through."""

    def hear(self, client: int, status: int, head: bytes, body: bytes) -> float:
        """The answer (BROKEN, TOO_LATE where there was none), and for how many seconds the client now waits."""


    def hangs_up(self, client: int) -> bool:
        """Does the client leave as soon as its request is on its way, as a phone does that goes into a lift?"""


class Same:
    """These requests, one after another, for whoever asks next."""

    def __init__(self, requests: Iterable[bytes]) -> None:
        self.requests = iter(requests)

    def ask(self, client: int) -> bytes | None:
        return next(self.requests, None)

    def hear(self, client: int, status: int, head: bytes, body: bytes) -> float:
        return 0.0

    def hangs_up(self, client: int) -> bool:
        return False


@dataclass
class Tally:
    """What came of it: how long each answer took, by status, and how many came in which second."""

    taken: dict[int, "array[float]"] = field(default_factory=lambda: defaultdict(lambda: array("d")))
    by_second: Counter[int] = field(default_factory=Counter)            # those TAKEN alone
    unsent: int = 0
    seconds: float = 0.0
    computing: float = 0.0                                              # of them, by this process itself

    @property
    def statuses(self) -> dict[int, int]:
        return {status: len(taken) for status, taken in sorted(self.taken.items())}

    @property
    def rate(self) -> float:
        """Answers TAKEN a second, without those that came when the time was over."""
        return sum(answers for second, answers in self.by_second.items() if second < self.seconds) / self.seconds

    def at(self, share: float, status: int = 200) -> float:
        """The time within which this share of the answers came; 0.5 is the median, 1 the slowest."""
        taken = sorted(self.taken[status])
        return taken[min(int(share * len(taken)), len(taken) - 1)] if taken else float("nan")

    def __str__(self) -> str:
        said = ", ".join(f"{status}: {count:,}" for status, count in self.statuses.items())
        return (f"{self.rate:8,.0f} answers/s   p50 {self.at(.5) * 1000:6.1f} ms   p99 {self.at(.99) * 1000:6.1f} ms   "
                f"slowest {self.at(1) * 1000:6.1f} ms   ({said}{f', {self.unsent:,} unsent' if self.unsent else ''}; "
                f"the load itself {self.computing / self.seconds:4.0%} of a core)")


class _Client:
    """One connection: what is still to be sent, what was heard so far, since when it waits."""

    __slots__ = ("heard", "left", "line", "number", "sent_at")

    def __init__(self, number: int) -> None:
        self.number = number
        self.line: socket.socket | None = None
        self.left, self.heard, self.sent_at = b"", bytearray(), 0.0


class Load:
    """Clients that speak to one address until all are through or the time is over."""

    def __init__(self, port: int, source: Source, *, clients: int, rate: float = 0, seconds: float = 1e9,
                 patience: float = 30.0) -> None:
        self.port, self.source, self.rate, self.seconds, self.patience = port, source, rate, seconds, patience
        self.clients = [_Client(number) for number in range(clients)]
        self.poll = select.epoll()
        self.by_file: dict[int, _Client] = {}
        self.waking: list[tuple[float, int]] = []
        self.tally, self.idle, self.through = Tally(), deque(self.clients), 0

    def run(self) -> Tally:
        computed, self.begun = time.process_time(), time.perf_counter()
        self.ends, self.due, look_at = self.begun + self.seconds, self.begun, self.begun
        while self.through < len(self.clients):
            now = time.perf_counter()
            if now >= self.ends and not self._waiting():
                break
            if now >= look_at:
                look_at = now + BETWEEN_LOOKS
                self._give_up(now)
            self._begin(now)
            for file, _event in self.poll.poll(self._sleep(now), 512):
                client = self.by_file.get(file)
                if client:
                    self._go_on(client)
        self.tally.seconds = min(time.perf_counter() - self.begun, self.seconds)
        self.tally.computing = time.process_time() - computed
        for client in self.clients:
            self._close(client)
        self.poll.close()
        return self.tally

    def _waiting(self) -> bool:
        return any(client.sent_at for client in self.clients)

    def _sleep(self, now: float) -> float:
        until = now + BETWEEN_LOOKS
        if self.waking:
            until = min(until, self.waking[0][0])
        if self.rate and self.idle and now < self.ends:
            until = min(until, self.due)
        return max(until - now, 0)

    def _begin(self, now: float) -> None:
        while self.waking and self.waking[0][0] <= now:
            self.idle.append(self.clients[heappop(self.waking)[1]])
        if now >= self.ends:
            return
        if not self.rate:
            while self.idle:
                self._ask(self.idle.popleft())
            return
        while self.due <= now:
            if self.idle:
                self._ask(self.idle.popleft())
            elif now - self.due < A_SECOND_LATE:
                return
            else:
                self.tally.unsent += 1
            self.due += 1 / self.rate

    def _ask(self, client: _Client) -> None:
        request = self.source.ask(client.number)
        if request is None:
            self.through += 1
            return
        if not request:
            heappush(self.waking, (time.perf_counter() + NOTHING_NOW, client.number))
            return
        client.left, client.sent_at = request, time.perf_counter()
        client.heard.clear()
        if client.line is None:
            self._open(client)
        self._send(client)

    def _open(self, client: _Client) -> None:
        client.line = socket.socket()
        client.line.setblocking(False)
        client.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.line.connect_ex(("127.0.0.1", self.port))
        self.by_file[client.line.fileno()] = client
        self.poll.register(client.line.fileno(), select.EPOLLIN)

    def _send(self, client: _Client) -> None:
        assert client.line
        try:
            sent = client.line.send(client.left)
        except BlockingIOError:
            sent = 0
        except OSError as reason:
            if reason.errno != errno.ENOTCONN:
                return self._answered(client, BROKEN, b"", b"")
            sent = 0
        client.left = client.left[sent:] if sent < len(client.left) else b""
        if client.left:
            self.poll.modify(client.line.fileno(), select.EPOLLIN | select.EPOLLOUT)
        elif self.source.hangs_up(client.number):
            self._answered(client, BROKEN, b"", b"")
        return None

    def _go_on(self, client: _Client) -> None:
        assert client.line
        if client.left:
            self._send(client)
            if client.line is None or not client.sent_at:
                return
            if not client.left:
                self.poll.modify(client.line.fileno(), select.EPOLLIN)
        try:
            part = client.line.recv(262_144)
        except BlockingIOError:
            return
        except OSError:
            part = b""
        if not part:
            if client.sent_at:
                self._answered(client, BROKEN, b"", b"")
            else:
                self._close(client)                          # the server closed a connection on which nothing was asked
            return
        client.heard += part
        if read := _read(client.heard):
            self._answered(client, *read)

    def _answered(self, client: _Client, status: int, head: bytes, body: bytes) -> None:
        now = time.perf_counter()
        self.tally.taken[status].append(now - client.sent_at)
        if status in TAKEN:
            self.tally.by_second[int(now - self.begun)] += 1
        client.sent_at = 0.0
        if status <= BROKEN or b"\r\nconnection: close" in head:
            self._close(client)
        pause = self.source.hear(client.number, status, head, body)
        if status <= BROKEN:
            pause = max(pause, AFTER_A_BREAK)
        if pause > 0:
            heappush(self.waking, (now + pause, client.number))
        elif self.rate or now >= self.ends:
            self.idle.append(client)
        else:
            self._ask(client)

    def _give_up(self, now: float) -> None:
        for client in self.clients:
            if client.sent_at and now - client.sent_at > self.patience:
                self._answered(client, TOO_LATE, b"", b"")

    def _close(self, client: _Client) -> None:
        if client.line:
            self.by_file.pop(client.line.fileno(), None)
            client.line.close()
            client.line = None


def _read(heard: bytearray) -> tuple[int, bytes, bytes] | None:
    """Status, head and body of an answer that came whole."""
    end = heard.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = bytes(heard[:end]).lower()
    length = head.find(b"\r\ncontent-length:")
    if length < 0:
        whole = b"\r\ntransfer-encoding: chunked" not in head or heard.endswith(b"0\r\n\r\n")
        return (int(head[9:12]), head, bytes(heard[end + 4:])) if whole else None
    stop = head.find(b"\r", length + 2)
    size = int(head[length + 17:stop if stop > 0 else len(head)])
    return (int(head[9:12]), head, bytes(heard[end + 4:])) if len(heard) >= end + 4 + size else None
