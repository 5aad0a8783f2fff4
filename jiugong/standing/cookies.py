"""What a worker's phone keeps for us, signed: that its holder passed the door, and when a test was started."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from jiugong.lib import clock
from jiugong.registry.models import Badge
from jiugong.registry.queries.badges import address_of
from jiugong.registry.words import BadgeKind

OPEN_FOR = timedelta(days=30)
KNOWN_FOR = timedelta(days=365)                  # a device that passed once is no stranger, even when it has to answer again
START_KEPT_FOR = timedelta(hours=2)
ARRIVED_FOR = timedelta(minutes=10)
OWN_PAGE, ARRIVED = "own-page", "venue-at"
_signer = signing.Signer(salt="jiugong.own_page")


@dataclass(frozen=True, kw_only=True)
class AntigenStart:
    """A test that was started on this phone, and the id under which its result will be recorded."""

    at: datetime
    client_id: str


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """A venue's code that was scanned on this device, and when; whoever scanned has still to say who he is."""

    text: str
    at: datetime


def is_open(request: HttpRequest, badge: Badge) -> bool:
    """Does this page open here? A link is its own key; a badge needs the door, once on each device for a while."""
    if badge.kind == BadgeKind.LINK:
        return True
    kept = _read(request, _door_of(badge), badge)
    return bool(kept) and datetime.fromisoformat(kept["at"]) > clock.now() - OPEN_FOR


def device_mark(request: HttpRequest, badge: Badge) -> str:
    """The mark of a device that passed at this badge before; empty for a stranger."""
    return str(_read(request, _door_of(badge), badge).get("device", ""))


def keep_open(answer: HttpResponse, badge: Badge, device: str) -> None:
    """Let this device keep that its holder passed the door."""
    _write(answer, _door_of(badge), badge, KNOWN_FOR, at=clock.now().isoformat(), device=device)


def start_of(request: HttpRequest, badge: Badge) -> AntigenStart | None:
    """The test that was started on this phone and is not read yet; one that is hours old is forgotten."""
    kept = _read(request, _test_of(badge), badge)
    if not kept or not clock.now() - START_KEPT_FOR < (at := datetime.fromisoformat(kept["at"])) <= clock.now():
        return None
    return AntigenStart(at=at, client_id=kept["client_id"])


def keep_start(answer: HttpResponse, badge: Badge, start: AntigenStart) -> None:
    _write(answer, _test_of(badge), badge, START_KEPT_FOR, at=start.at.isoformat(), client_id=start.client_id)


def forget(answer: HttpResponse, badge: Badge) -> None:
    """The test was read."""
    answer.delete_cookie(_test_of(badge))


def shut(answer: HttpResponse, badge: Badge) -> None:
    """This device forgets that its holder passed the door, and a test that was started."""
    for name in (_door_of(badge), _test_of(badge), OWN_PAGE, ARRIVED):
        answer.delete_cookie(name)


def keep_own_page(answer: HttpResponse, badge: Badge) -> None:
    """Let this device keep whose page was opened on it last, so that a code scanned by its camera finds the way there."""
    answer.set_cookie(OWN_PAGE, _signer.sign_object({"for": OWN_PAGE, "page": address_of(badge)}), max_age=OPEN_FOR, httponly=True,
                      secure=settings.SESSION_COOKIE_SECURE, samesite="Lax")


def own_page_of(request: HttpRequest) -> str:
    """Whose page was opened on this device last: the last part of its address. Empty where none was."""
    return str(_unsigned(request, OWN_PAGE).get("page", ""))


def keep_arrival(answer: HttpResponse, arrival: Arrival) -> None:
    kept = {"for": ARRIVED, "text": arrival.text, "at": arrival.at.isoformat()}
    answer.set_cookie(ARRIVED, _signer.sign_object(kept), max_age=ARRIVED_FOR, httponly=True,
                      secure=settings.SESSION_COOKIE_SECURE, samesite="Lax")


def arrival_of(request: HttpRequest) -> Arrival | None:
    """What was scanned on this device in the last minutes and is not confirmed yet."""
    kept = _unsigned(request, ARRIVED)
    if not kept or not clock.now() - ARRIVED_FOR < (at := datetime.fromisoformat(kept["at"])) <= clock.now():
        return None
    return Arrival(text=kept["text"], at=at)


def forget_arrival(answer: HttpResponse) -> None:
    answer.delete_cookie(ARRIVED)


def _door_of(badge: Badge) -> str:
    return f"me-{badge.code[:6].lower()}"


def _test_of(badge: Badge) -> str:
    return f"test-{badge.code[:6].lower()}"


def _read(request: HttpRequest, name: str, badge: Badge) -> dict[str, Any]:
    kept = _unsigned(request, name)
    return kept if kept.get("badge") == badge.code else {}


def _unsigned(request: HttpRequest, name: str) -> dict[str, Any]:
    try:
        kept: dict[str, Any] = _signer.unsign_object(request.COOKIES.get(name, ""))
    except (signing.BadSignature, ValueError):
        return {}
    return kept if kept.get("for") == name else {}


def _write(answer: HttpResponse, name: str, badge: Badge, keep: timedelta, **kept: str) -> None:
    answer.set_cookie(name, _signer.sign_object({"for": name, "badge": badge.code, **kept}), max_age=keep, httponly=True,
                      secure=settings.SESSION_COOKIE_SECURE, samesite="Lax")
