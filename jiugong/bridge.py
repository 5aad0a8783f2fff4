"""From what the server hands over (RSGI) to what Django understands (WSGI), and back. Bodies are read whole, up to a bound."""

import asyncio
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

from django.conf import settings

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
BASE: Environ = {"SCRIPT_NAME": "", "wsgi.version": (1, 0), "wsgi.multithread": True, "wsgi.multiprocess": False,
                 "wsgi.run_once": False, "wsgi.errors": sys.stderr}
SLACK = 1024 * 1024                          # what a form adds to the largest file
SMALL = 256 * 1024                           # what is shorter is read at once
LARGEST_PLAIN = 4 * 1024 * 1024              # bytes of whatever carries no file
MOST_AT_ONCE = 256 * 1024 * 1024             # bytes of all files that are being read or wait for their turn
MOST_PLAIN = 128 * 1024 * 1024               # bytes of all other bodies: no file takes a scan's place
PATIENCE = 60.0                              # seconds for a file to arrive; what carries none has fewer
PATIENCE_PLAIN = 20.0
FILES = "multipart/form-data"


class TooLarge(Exception):
    """More was sent than the house takes."""


class TooSlow(Exception):
    """What was announced did not come, or too many send much at this moment."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A whole answer."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(frozen=True, slots=True)
class Incoming:
    """A whole request, free of the server that brought it."""

    environ: Environ

    @classmethod
    def of(cls, scope: Any, body: bytes) -> "Incoming":
        host, _colon, port = scope.server.rpartition(":")
        address, _colon, client_port = scope.client.rpartition(":")
        environ = BASE | {
            "REQUEST_METHOD": scope.method, "PATH_INFO": unquote_to_bytes(scope.path).decode("latin-1"),
            "QUERY_STRING": scope.query_string, "SERVER_NAME": host, "SERVER_PORT": port, "REMOTE_ADDR": address,
            "REMOTE_PORT": client_port, "SERVER_PROTOCOL": f"HTTP/{scope.http_version}", "wsgi.url_scheme": scope.scheme,
            "wsgi.input": BytesIO(body)}
        for name, value in scope.headers.items():
            if "_" in name:                  # WSGI could not tell it from the header with hyphens that a proxy sets
                continue
            key = "HTTP_" + name.upper().replace("-", "_")
            between = "; " if name == "cookie" else ","
            environ[key] = f"{environ[key]}{between}{value}" if key in environ else value
        if scope.authority and "HTTP_HOST" not in environ:
            environ["HTTP_HOST"] = scope.authority
        environ["CONTENT_TYPE"] = environ.pop("HTTP_CONTENT_TYPE", "")
        environ.pop("HTTP_CONTENT_LENGTH", None)
        environ["CONTENT_LENGTH"] = str(len(body))
        return cls(environ)


class Intake:
    """Reading what is sent, into memory that has a bound: for each, and for all at one moment."""

    def __init__(self, *, patience: float = PATIENCE_PLAIN, room: int = MOST_AT_ONCE) -> None:
        self._patience, self._room = patience, {True: room, False: MOST_PLAIN}                # by whether it is a file
        self._held = {True: 0, False: 0}

    async def read(self, scope: Any, protocol: Any) -> bytes:
        """The whole body. Raises TooLarge, TooSlow before more than that is in memory or somebody keeps us waiting.

        It counts until `answered`. What was announced and does not come takes no place from others.
        """
        if scope.method in ("GET", "HEAD"):
            return b""
        is_file = _is_file(scope)
        most = settings.MOST_UPLOAD_BYTES + SLACK if is_file else LARGEST_PLAIN
        said = scope.headers.get("content-length")
        if said is not None and (not said.isdigit() or int(said) > most):
            raise TooLarge
        body = b""
        try:
            async with asyncio.timeout(PATIENCE if is_file else self._patience):
                if said is not None and int(said) <= SMALL:
                    body = await protocol()
                    self._take(len(body), is_file)
                else:
                    body = await self._whole(protocol, most, is_file)
        except TimeoutError:
            raise TooSlow from None
        return body

    def answered(self, scope: Any, body: bytes) -> None:
        """A body that was read is not needed any more."""
        self._held[_is_file(scope)] -= len(body)

    async def _whole(self, protocol: Any, most: int, is_file: bool) -> bytes:
        """A body as it comes: large, or its length was not said."""
        parts, size = [], 0
        try:
            async for part in protocol:
                if size + len(part) > most:
                    raise TooLarge
                self._take(len(part), is_file)
                size += len(part)
                parts.append(bytes(part))
        except BaseException:
            self._held[is_file] -= size
            raise
        return b"".join(parts)

    def _take(self, size: int, is_file: bool) -> None:
        if self._held[is_file] + size > self._room[is_file]:
            raise TooSlow
        self._held[is_file] += size


def _is_file(scope: Any) -> bool:
    return bool(scope.headers.get("content-type", "").startswith(FILES))


def ask_wsgi(application: Application, incoming: Incoming) -> Answered:
    """Ask a WSGI application and wait for its whole answer."""
    begun: dict[str, Any] = {}

    def start(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
        begun.update(status=int(status.split(" ", 1)[0]), headers=[(name.lower(), value) for name, value in headers])

    result = application(incoming.environ, start)
    try:
        body = b"".join(result)
    finally:
        close = getattr(result, "close", None)
        if close:
            close()
    return Answered(begun["status"], begun["headers"], body)
