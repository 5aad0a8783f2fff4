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
LARGEST_PLAIN = 4 * 1024 * 1024              # bytes of whatever carries no file
MOST_AT_ONCE = 256 * 1024 * 1024             # bytes of all bodies that are being read
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

    def __init__(self, *, patience: float = PATIENCE_PLAIN) -> None:
        self._held, self._patience = 0, patience

    async def read(self, scope: Any, protocol: Any) -> bytes:
        """The whole body. Raises TooLarge, TooSlow before more than that is in memory or somebody keeps us waiting."""
        if scope.method in ("GET", "HEAD"):
            return b""
        has_file = scope.headers.get("content-type", "").startswith(FILES)
        most = settings.MOST_UPLOAD_BYTES + SLACK if has_file else LARGEST_PLAIN
        said = scope.headers.get("content-length")
        if said is not None and (not said.isdigit() or int(said) > most):
            raise TooLarge
        held = int(said) if said else SLACK
        if self._held + held > MOST_AT_ONCE:
            raise TooSlow
        self._held += held
        try:
            async with asyncio.timeout(PATIENCE if has_file else self._patience):
                return await _whole(protocol, most) if said is None else await protocol()
        except TimeoutError:
            raise TooSlow from None
        finally:
            self._held -= held


async def _whole(protocol: Any, most: int) -> bytes:
    """A body whose length nobody said."""
    parts, size = [], 0
    async for part in protocol:
        size += len(part)
        if size > most:
            raise TooLarge
        parts.append(bytes(part))
    return b"".join(parts)


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
