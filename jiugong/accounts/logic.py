"""Plain arithmetic of accounts."""

import hashlib
import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from jiugong.registry.logic.waiting import Patience

KNOWN_DEVICE = Patience(free=5, within=timedelta(days=1), first=timedelta(seconds=10), longest=timedelta(minutes=5))
STRANGER = Patience(free=5, within=timedelta(days=1), first=timedelta(seconds=30), longest=timedelta(hours=1))
STRANGERS = Patience(free=20, within=timedelta(days=1), first=timedelta(seconds=30), longest=timedelta(minutes=15))
ONE_ADDRESS = Patience(free=60, within=timedelta(hours=1), first=timedelta(seconds=10), longest=timedelta(minutes=5))

BROWSERS = (("MicroMessenger", "WeChat"), ("wxwork", "WeCom"), ("DingTalk", "DingTalk"), ("Lark", "Feishu"), ("Edg", "Edge"),
            ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
           ("Mac OS", "macOS"), ("Linux", "Linux"))


def token_hash(text: str) -> str:
    """What is kept of a token. It has 256 random bits, so a fast hash is enough."""
    return hashlib.sha256(text.encode()).hexdigest()


def browser_of(agent: str) -> str:
    """A browser as people call it, as in Chrome, Android; empty where it does not say."""
    found = (next((name for sign, name in known if sign in agent), "") for known in (BROWSERS, SYSTEMS))
    return ", ".join(filter(None, found))


def network_of(address: str) -> str:
    """Where an address is, roughly: enough to recognise one's own network, too little to find a house."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if found.is_loopback:
        return "127.0.0.1"
    bits = (24 if found.is_private else 16) if found.version == 4 else 32
    return str(ipaddress.ip_network((found, bits), strict=False))


# on duty ------------------------------------------------------------------------------------------------------------

@dataclass(frozen=True, order=True)
class Span:
    """From a moment until another, which is not in it any more."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return self.end - self.start


def uncovered(spans: Iterable[Span], within: Span) -> list[Span]:
    """What of a time no span covers, in order. Where one ends and the next begins at the same moment, nothing is missing."""
    gaps, at = [], within.start
    for each in sorted(spans):
        if each.start > at:
            gaps.append(Span(at, min(each.start, within.end)))
        at = max(at, each.end)
        if at >= within.end:
            break
    if at < within.end:
        gaps.append(Span(at, within.end))
    return [gap for gap in gaps if gap.start < gap.end]


def doubled(spans: Sequence[Span]) -> list[Span]:
    """What two spans or more cover at once, in order."""
    found: list[Span] = []
    reached: datetime | None = None
    for each in sorted(spans):
        if reached and each.start < reached:
            twice = Span(each.start, min(each.end, reached))
            if found and twice.start <= found[-1].end:
                found[-1] = Span(found[-1].start, max(found[-1].end, twice.end))
            else:
                found.append(twice)
        reached = max(reached, each.end) if reached else each.end
    return found
