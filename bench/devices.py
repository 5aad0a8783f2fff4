"""What phones at a sampling point send: scans under ids of their own, one at a time or in batches, each with its session."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from bench.makers import number

SCANS = "/api/v1/screening/scans"
PER_TUBE = 20


def request(path: str, body: str = "", *, device: dict[str, str] | None = None, method: str = "POST") -> bytes:
    """A request as a browser sends it from our pages."""
    sent = body.encode()
    signed_in = "" if device is None else (f"Cookie: sessionid={device['session']}; csrftoken={device['csrf']}\r\n"
                                           f"X-CSRFToken: {device['csrf']}\r\n")
    return (f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAccept: */*\r\n"
            f"User-Agent: Mozilla/5.0 (Linux; Android 11)\r\n{signed_in}Content-Length: {len(sent)}\r\n\r\n").encode() + sent


def scan_id(series: int, device: int, at: int) -> str:
    """The shape of what a phone makes by chance, but we can tell which ones there have to be."""
    return f"{series:08x}-{device:04x}-4000-8000-{at:012x}"


def scan(series: int, device: int, at: int, *, round_number: int, person: str, point: str, sampled_at: str) -> str:
    return (f'{{"scan_id":"{scan_id(series, device, at)}","round":{round_number},"point":"{point}",'
            f'"tube":"T{series}-{device}-{round_number}-{at // PER_TUBE}","sampled_at":"{sampled_at}","device":"phone-{device}",'
            f'"resident_id":"{person}"}}')


def batch(park: str, scans: list[str]) -> str:
    return f'{{"park":"{park}","scans":[{",".join(scans)}]}}'


class Desks:
    """Devices of one park that scan its roster, each every so-manieth person, round after round; `size` scans a request."""

    def __init__(self, made: dict[str, Any], *, series: int, size: int = 1, devices: int = 16, path: str = SCANS,
                 signed_in: bool = True) -> None:
        self.park, self.people = made["parks"][0], made["people"]
        self.series, self.size, self.devices, self.path, self.signed_in = series, size, devices, path, signed_in
        self.numbers = [number(at) for at in range(self.people)]
        self.at = [count() for _device in range(devices)]
        self.now = datetime.now(UTC) - timedelta(minutes=1)
        self.wrong: list[bytes] = []

    def ask(self, client: int) -> bytes | None:
        device = client % self.devices
        scans = list(self._scans(device))
        return request(self.path, batch(self.park["park"], scans),
                       device=self.park["devices"][device % len(self.park["devices"])] if self.signed_in else None)

    def _scans(self, device: int) -> Iterator[str]:
        points, rounds = self.park["points"], self.park["rounds"]
        for _scan in range(self.size):
            at = next(self.at[device])
            turn, person = divmod(device + at * self.devices, self.people)
            yield scan(self.series, device, at, round_number=rounds[turn % len(rounds)], person=self.numbers[person],
                       point=points[device % len(points)], sampled_at=f"{self.now:%Y-%m-%dT%H:%M:%S.000Z}")

    def hear(self, client: int, status: int, head: bytes, body: bytes) -> float:
        if status == 200 and body.count(b'"accepted"') != self.size and self.signed_in:
            self.wrong.append(body)
        elif status not in (200, 429):
            self.wrong.append(body or str(status).encode())
        return 0.0

    def hangs_up(self, client: int) -> bool:
        return False
