"""From where a request came: the device by a mark that it keeps for us, the address, and both as blind indexes."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from jiugong.accounts.logic import browser_of, network_of
from jiugong.lib import secrets

COOKIE = "device"
KEPT_FOR = timedelta(days=365)
_signer = signing.Signer(salt="jiugong.device")


@dataclass(frozen=True)
class Came:
    """From where somebody comes. `device` is the index of the device's own mark; empty for one that shows none."""

    address: bytes
    device: bytes
    browser: str
    network: str


def came(request: HttpRequest) -> Came:
    address = request.META.get("REMOTE_ADDR", "")
    mark = _mark(request)
    return Came(address=index_of(address, "address"), device=index_of(mark, "device") if mark else b"",
                browser=browser_of(request.META.get("HTTP_USER_AGENT", "")), network=network_of(address))


def index_of(text: str, what: str) -> bytes:
    """The blind index of a name, an address or a device at the door."""
    return secrets.ring().index(text, scope=f"sign_in.{what}")


def mark_device(request: HttpRequest) -> None:
    """See to it that the device has a mark; `keep_mark` gives it to the device with the answer."""
    if not _mark(request):
        request.new_device = uuid4().hex                               # type: ignore[attr-defined]


def keep_mark(request: HttpRequest, answer: HttpResponse) -> None:
    """Let the device keep its mark, from now on for a year again."""
    mark = _mark(request)
    if mark:
        answer.set_cookie(COOKIE, _signer.sign(mark), max_age=KEPT_FOR, httponly=True, samesite="Lax",
                          secure=settings.SESSION_COOKIE_SECURE)


def _mark(request: HttpRequest) -> str:
    new: str = getattr(request, "new_device", "")
    try:
        return new or _signer.unsign(request.COOKIES.get(COOKIE, ""))
    except signing.BadSignature:
        return ""
