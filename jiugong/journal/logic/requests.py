"""The requests that leave the house: what a robot's maker wants, and a park's own template for its SMS gateway."""

import base64
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

PLACES = ("phone", "text", "title", "link", "key")
A_PLACE = re.compile(r"\{(" + "|".join(PLACES) + r")\}")
A_HEADER = re.compile(r"^[A-Za-z0-9-]{1,60}: ?[^\r\n]{1,500}$")
JSON, FORM = "application/json", "application/x-www-form-urlencoded"


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request, ready to be sent."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


def to_robot(kind: str, settings: Mapping[str, Any], text: str, *, key: str, seconds: float) -> Request:
    """A text to the robot of a group, signed where the robot has a secret. `seconds` since 1970 go into the signature."""
    url, secret = str(settings["url"]), str(settings.get("secret", ""))
    if kind == "feishu":
        payload: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
        if secret:
            stamp = str(int(seconds))
            payload |= {"timestamp": stamp, "sign": _signed(f"{stamp}\n{secret}", "")}
    else:
        payload = {"msgtype": "text", "text": {"content": text}}
        if secret and kind == "dingtalk":
            stamp = str(int(seconds * 1000))
            signs = urlencode({"timestamp": stamp, "sign": _signed(secret, f"{stamp}\n{secret}")})
            url += ("&" if "?" in url else "?") + signs
    return Request(method="POST", url=url, body=json.dumps(payload, ensure_ascii=False).encode(),
                   headers={"Content-Type": f"{JSON}; charset=utf-8", "Idempotency-Key": key})


def to_gateway(settings: Mapping[str, Any], facts: Mapping[str, str]) -> Request:
    """One SMS by the park's template; each value is written as its place needs: in the address, in JSON, in a form."""
    headers = {**read_headers(str(settings.get("headers", ""))), "Idempotency-Key": facts["key"]}
    kind = next((value for name, value in headers.items() if name.lower() == "content-type"), "").lower()
    body = str(settings.get("body", ""))
    if body and not kind:
        kind = JSON if body.lstrip().startswith(("{", "[")) else FORM
        headers["Content-Type"] = f"{kind}; charset=utf-8"
    write = _in_json if JSON in kind else _in_address if FORM in kind else _plain
    method = str(settings.get("method", "POST"))
    return Request(method=method, url=_filled(str(settings["url"]), facts, _in_address),
                   headers={name: _filled(value, facts, _on_one_line) for name, value in headers.items()},
                   body=_filled(body, facts, write).encode() if method != "GET" else b"")


def read_headers(text: str) -> dict[str, str]:
    """Lines such as `Authorization: Bearer …`. Raises ValueError with the line that is none."""
    found: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        if not A_HEADER.match(line):
            raise ValueError(line)
        name, _colon, value = line.partition(":")
        found[name.strip()] = value.strip()
    return found


def _filled(template: str, facts: Mapping[str, str], write: Any) -> str:
    return A_PLACE.sub(lambda place: write(facts.get(place[1], "")), template)


def _in_json(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1]


def _in_address(value: str) -> str:
    return quote(value, safe="")


def _on_one_line(value: str) -> str:
    return "".join(sign for sign in value if sign.isprintable() and sign.isascii())


def _plain(value: str) -> str:
    return value


def _signed(key: str, text: str) -> str:
    return base64.b64encode(hmac.digest(key.encode(), text.encode(), "sha256")).decode()
