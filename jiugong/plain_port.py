"""The port without TLS: how to install the certificate, the pictures and styles of that page, and for all else the way to TLS.

A phone must be able to fetch the authority before it trusts it, and nothing else is ever said over this port: no sign-in, no
names, no cookies.
"""

from collections.abc import Callable, Iterable
from typing import Any

from jiugong.wsgi import application as house

OPEN = ("/install", "/install/", "/static/")
Start = Callable[..., Any]


def application(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    """Answer the open addresses; send everybody else to TLS."""
    path = str(environ.get("PATH_INFO", ""))
    if path == OPEN[0] or path.startswith(OPEN[1:]):
        for secret in ("HTTP_COOKIE", "HTTP_AUTHORIZATION"):
            environ.pop(secret, None)                # whoever sends one here sent it in the open; it opens nothing
        return house(environ, _without_cookies(start_response))
    return _to_tls(environ, start_response)


def _without_cookies(start_response: Start) -> Start:
    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        return start_response(status, [each for each in headers if each[0].lower() != "set-cookie"], *more)
    return start


def _to_tls(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    from django.conf import settings
    from django.http.request import split_domain_port, validate_host

    host, _port = split_domain_port(str(environ.get("HTTP_HOST", "")))
    if not host or not validate_host(host, settings.ALLOWED_HOSTS):
        start_response("400 Bad Request", [("Content-Type", "text/plain"), ("Content-Length", "0")])
        return [b""]
    port = "" if settings.TLS_PORT == "443" else f":{settings.TLS_PORT}"
    path = str(environ.get("RAW_URI") or environ.get("PATH_INFO") or "/")
    asked = str(environ.get("QUERY_STRING", ""))
    where = f"https://{host}{port}{_quoted(path)}{f'?{asked}' if asked else ''}"
    # a form that was sent here was sent in the open: 303 asks for the page anew instead of sending it once more
    status = "307 Temporary Redirect" if environ.get("REQUEST_METHOD") in ("GET", "HEAD") else "303 See Other"
    start_response(status, [("Location", where), ("Content-Length", "0"), ("Cache-Control", "no-store")])
    return [b""]


def _quoted(path: str) -> str:
    from urllib.parse import quote

    return quote(path.encode("latin-1"), safe="/%:@&=+$,;~!*'()-._") if path.startswith("/") else "/"
