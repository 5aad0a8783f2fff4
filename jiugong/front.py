"""The front of the house, before Django: as many requests as can be served well, and a plain word to the others.

A server that takes more than it can do serves nobody. Here one loop talks to all who come. Scans of devices that were let
in a moment ago go straight to the desk (`screening/desk.py`); everything else waits for one of a few threads, in a lane of
its own for scans and for pages, so that a slow report never blocks a scan. Whoever comes when a lane is full is told within
microseconds when to come again (429, `Retry-After`), and nothing of his is taken.

`granian --interface rsgi jiugong.front:application`. Any WSGI server can serve `jiugong/wsgi.py` without this.
"""

import asyncio
import gc
import json
import logging
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from random import randint
from typing import Any

from granian._granian import RSGIProtocolClosed

from jiugong import wsgi
from jiugong.bridge import Answered, Incoming, Intake, TooLarge, TooSlow, ask_wsgi
from jiugong.monitoring import QUEUE_REFUSED
from jiugong.scan_door import NeedsLongWay, ScanDoor

ALWAYS = ("/static/", "/healthz", "/readyz", "/metrics", "/sw.js", "/manifest.webmanifest")
SCANS = "/api/v1/screening/"
RETRY = (1, 3)                               # seconds: not all come back in the same one
GIL_TURN = 0.0005                            # seconds for which a page that computes keeps the others waiting
SAID = {"zh": "此刻来访太多。没有丢失任何内容，请在 {seconds} 秒后再试。",
        "en": "More arrives than can be served at once. Nothing is lost; come again in {seconds} seconds."}
SENT = {"zh": "此刻来访太多，您提交的内容尚未收下。请返回上一页，{seconds} 秒后再提交一次。",
        "en": "More arrives than can be served at once, so what you sent was not taken. "
              "Go back and send it again in {seconds} seconds."}
PAGE = """<!doctype html><html lang="{lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
{again}<title>九宫</title><h1>九宫</h1><p>{said}</p></html>"""
AGAIN = '<meta http-equiv="refresh" content="{seconds}">'          # a page that was asked for; a form is never sent by itself
TOLD = {413: ("web.too_large", "内容过大，未接收。 More was sent than is taken."),
        503: ("web.too_slow", "没有等到完整的内容，未接收，请再发一次。 What was announced did not come in time; send it again."),
        500: ("web.broken", "出错了，已记录。 Something went wrong; it is on record.")}
log = logging.getLogger(__name__)


@dataclass
class Lane:
    """Threads for one kind of request, and how many may wait for them."""

    name: str
    threads: int
    in_line: int
    inside: int = 0                          # at work or in line
    pool: ThreadPoolExecutor = field(init=False)

    def __post_init__(self) -> None:
        self.pool = ThreadPoolExecutor(self.threads, thread_name_prefix=self.name)

    @property
    def is_full(self) -> bool:
        return self.inside >= self.threads + self.in_line


class Front:
    """What the server calls for each request (RSGI)."""

    def __init__(self) -> None:
        self.scans, self.pages = Lane("scans", 2, 30), Lane("pages", 6, 48)
        self.always = Lane("always", 2, 200)
        self.intake = Intake()
        self.door: ScanDoor | None = None

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        sys.setswitchinterval(GIL_TURN)
        gc.collect()
        gc.freeze()                          # what was loaded stays: no pause to look through it again and again
        self.door = ScanDoor(loop)
        wsgi.warm()

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        if self.door:
            self.door.close()

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        try:
            answered = await self._answer(scope, protocol)
            protocol.response_bytes(answered.status, answered.headers, answered.body)
        except RSGIProtocolClosed:               # whoever asked has gone
            return

    async def _answer(self, scope: Any, protocol: Any) -> Answered:
        path: str = scope.path
        try:
            if self.door and self.door.is_for(scope):
                return await self._scan(self.door, scope, protocol)
            lane = self.always if path.startswith(ALWAYS) else self.scans if path.startswith(SCANS) else self.pages
            if lane.is_full:
                return not_now(scope)
            body = await self.intake.read(scope, protocol)
            try:
                return await self._long_way(lane, scope, body)
            finally:
                self.intake.answered(scope, body)
        except TooLarge:
            return told(scope, 413)
        except TooSlow:
            return told(scope, 503)

    async def _scan(self, door: ScanDoor, scope: Any, protocol: Any) -> Answered:
        if self.scans.is_full or door.is_full:
            return not_now(scope)
        body = await self.intake.read(scope, protocol)
        try:
            known = door.whose(scope)
            if known is None:
                return await self._long_way(self.scans, scope, body)
            return await door.bind(known, body, scope) or not_now(scope)
        except NeedsLongWay:
            return await self._long_way(self.scans, scope, body)
        finally:
            self.intake.answered(scope, body)

    async def _long_way(self, lane: Lane, scope: Any, body: bytes) -> Answered:
        if lane.is_full:                     # while the body came, others did
            return not_now(scope)
        lane.inside += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(
                lane.pool, ask_wsgi, wsgi.application, Incoming.of(scope, body))
        except Exception:                    # Django answers its own mistakes; this is one of ours, before or after it
            log.exception("front")
            return told(scope, 500)
        finally:
            lane.inside -= 1


def not_now(scope: Any) -> Answered:
    """Come again in a moment."""
    QUEUE_REFUSED.inc()
    seconds = randint(*RETRY)                # noqa: S311 — to spread, not to hide
    lang = "en" if scope.headers.get("accept-language", "").lower().startswith("en") else "zh"
    asked = scope.method in ("GET", "HEAD")
    said = (SAID if asked or scope.path.startswith("/api/") else SENT)[lang].format(seconds=seconds)
    if scope.path.startswith("/api/"):
        told = {"refused": "web.busy", "message": said, "seconds": seconds}
        kind, body = "application/json", json.dumps(told, ensure_ascii=False)
    else:
        kind, body = "text/html; charset=utf-8", PAGE.format(
            lang=lang, said=said, again=AGAIN.format(seconds=seconds) if asked else "")
    return Answered(429, [("content-type", kind), ("retry-after", str(seconds)), ("cache-control", "no-store")], body.encode())


def told(scope: Any, status: int) -> Answered:
    """What went wrong before Django or beside it, as a program or a person hears it."""
    code, sentence = TOLD[status]
    if scope.path.startswith("/api/"):
        kind, body = "application/json", json.dumps({"refused": code, "message": sentence}, ensure_ascii=False)
    else:
        kind, body = "text/plain; charset=utf-8", sentence
    later = [("retry-after", str(randint(*RETRY)))] if status == 503 else []      # noqa: S311 — to spread, not to hide
    return Answered(status, [("content-type", kind), ("cache-control", "no-store"), *later], body.encode())


application = Front()
