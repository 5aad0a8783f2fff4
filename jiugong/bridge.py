"""From what the server hands over (RSGI) to what Django understands (WSGI), and back. Bodies are read whole, up to a bound."""

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


class TooLarge(Exception):
    """More was sent than the house takes."""


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
            key = "HTTP_" + name.upper().replace("-", "_")
            between = "; " if name == "cookie" else ","
            environ[key] = f"{environ[key]}{between}{value}" if key in environ else value
        if scope.authority and "HTTP_HOST" not in environ:
            environ["HTTP_HOST"] = scope.authority
        environ["CONTENT_TYPE"] = environ.pop("HTTP_CONTENT_TYPE", "")
        environ.pop("HTTP_CONTENT_LENGTH", None)
        environ["CONTENT_LENGTH"] = str(len(body))
        return cls(environ)


async def read_body(scope: Any, protocol: Any) -> bytes:
    """What was sent. Raises TooLarge before more than the house takes is in memory."""
    if scope.method in ("GET", "HEAD"):
        return b""
    most = settings.MOST_UPLOAD_BYTES + SLACK
    said = scope.headers.get("content-length")
    if said is not None:
        if not said.isdigit() or int(said) > most:
            raise TooLarge
        whole: bytes = await protocol()
        return whole
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
