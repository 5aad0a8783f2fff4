"""Who is signed in, remembered for a moment, so that a phone that scans all day does not cost the same questions each time.

Only where scans are sent (`REMEMBERED`), and no longer than JIUGONG_SIGN_IN_SECONDS. What this process takes away it forgets
at once (`forget`); what another one takes away is gone for a phone that much later. Nobody is remembered for whom there was
nobody.
"""

import time
from collections.abc import Callable
from datetime import datetime
from random import uniform
from typing import TypeVar

from django.conf import settings

from jiugong.lib import clock

T = TypeVar("T")

REMEMBERED = "/api/v1/screening/scans"
MOST_KEPT = 20_000

_kept: dict[tuple[str, ...], tuple[float, object]] = {}
_forgotten = 0                               # how often everything was forgotten


def remembered(key: tuple[str, ...], ask: Callable[[], T], *, ends: Callable[[], datetime | None] | None = None) -> T:
    """What was answered a moment ago, else what the question answers now; None is asked again each time.

    `ends` says until when the answer can hold at most: a shift's powers are not remembered beyond its end.
    """
    seconds = float(settings.SIGN_IN_SECONDS)
    if not seconds:
        return ask()
    now = time.monotonic()
    kept = _kept.get(key)
    if kept and kept[0] > now:
        return kept[1]      # type: ignore[return-value]     # whoever keeps under a key asks the same question with it
    before = _forgotten
    answer = ask()
    if answer is not None and before == _forgotten:          # what was asked before something was taken away is not kept
        if len(_kept) >= MOST_KEPT:
            forget()
        if ends and (end := ends()):
            seconds = min(seconds, max(0.0, (end - clock.now()).total_seconds()))
        _kept[key] = now + seconds * uniform(0.6, 1), answer      # noqa: S311 — not all are asked about again at one moment
    return answer


def recall(key: tuple[str, ...], kind: type[T]) -> T | None:
    """What is remembered under a key just now, without asking anything."""
    kept = _kept.get(key)
    return kept[1] if kept and kept[0] > time.monotonic() and isinstance(kept[1], kind) else None


def forget() -> None:
    """Remember nobody."""
    global _forgotten
    _forgotten += 1
    _kept.clear()
