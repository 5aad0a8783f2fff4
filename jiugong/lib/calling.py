"""Calling another machine by HTTP so that we always know which of three things happened.

It answered; it was never reached, so that nothing can have happened there; or it was reached and said nothing, so that
nobody knows. Redirects are not followed: what may be called is decided by whoever runs the installation.
"""

import http.client
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

LONGEST_ANSWER = 64 * 1024


class NotReached(Exception):
    """No connection was made: nothing left the house."""


class NoAnswer(Exception):
    """The request left the house, and no whole answer came back."""


@dataclass(frozen=True)
class Answer:
    """What came back; names of headers are small."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def call(method: str, url: str, *, headers: Mapping[str, str], body: bytes, seconds: float) -> Answer:
    """Send one request and read its answer. Raises NotReached, NoAnswer, ValueError for what is no address."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(url)
    connection = (http.client.HTTPSConnection(parts.hostname, parts.port, timeout=seconds, context=trusting())
                  if parts.scheme == "https" else http.client.HTTPConnection(parts.hostname, parts.port, timeout=seconds))
    try:
        try:
            connection.connect()
        except OSError as reason:
            raise NotReached(type(reason).__name__) from reason
        try:
            connection.request(method, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
                               body=body or None, headers={**headers, "Connection": "close"})
            answered = connection.getresponse()
            return Answer(answered.status, {name.lower(): value for name, value in answered.getheaders()},
                          answered.read(LONGEST_ANSWER))
        except (OSError, http.client.HTTPException) as reason:
            raise NoAnswer(type(reason).__name__) from reason
    finally:
        connection.close()


def origin_of(url: str) -> str:
    """The scheme, host and port of an address, as in `https://sms.example` or `http://10.0.0.7:8080`; empty where it is none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        return ""
    usual = {"http": 80, "https": 443}[parts.scheme]
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != usual else "")


@lru_cache(maxsize=1)
def trusting() -> ssl.SSLContext:
    return ssl.create_default_context()
