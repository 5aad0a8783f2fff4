"""Pages that work where there is no network: what a phone may keep of them, the worker that serves them, the way to install.

Nothing of a room is imported here, so that every room's views may say `kept_on_the_device`. What lies on the phone, and
who can read it: docs/concerns/offline.md.
"""

import hashlib
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

WORKER = Path(__file__).parent / "static" / "field" / "worker.js"
PARTS = ("field/store.js",)                        # what the worker itself reads
A_SHIFT = timedelta(hours=12)                      # as long as a session: `SESSION_COOKIE_AGE`
INK, PAPER = "#17202c", "#ffffff"
OK = 200


def kept_on_the_device(request: HttpRequest, answer: HttpResponse, *, owner: str, until: timedelta = A_SHIFT) -> HttpResponse:
    """Let a phone keep this page, sealed, for as long as its owner is signed in there, and no longer than this.

    A page that says something once (a message, a refusal) is not kept: it would say it again tomorrow.
    """
    if request.method == "GET" and answer.status_code == OK and not len(messages.get_messages(request)):
        answer.headers["X-Kept"] = f"{owner} {int(until.total_seconds())}"
    return answer


@login_not_required
@require_safe
def service_worker(_request: HttpRequest) -> HttpResponse:
    """The worker behind the pages. Whenever one of its parts changes its text does, and phones take the new one."""
    parts = "\n".join(f'importScripts("{static(part)}");' for part in PARTS)
    text = f"{parts}\n{WORKER.read_text(encoding='utf-8')}"
    answer = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["X-Version"] = hashlib.sha256(text.encode()).hexdigest()[:12]
    return answer


@login_not_required
@require_safe
def manifest(_request: HttpRequest) -> JsonResponse:
    """What a phone needs to put us on its home screen."""
    icons = [{"src": static(f"field/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": "any"}
             for size in (192, 512)]
    icons.append({"src": static("field/icon-maskable-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"})
    answer = JsonResponse({
        "id": "/", "name": _("Jiugong"), "short_name": _("Jiugong"), "lang": get_language() or settings.LANGUAGE_CODE,
        "description": _("Who owes what today, who has not done it, and who answers for it."), "start_url": "/", "scope": "/",
        "display": "standalone", "background_color": PAPER, "theme_color": INK, "icons": icons,
    }, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@login_not_required
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What a phone shows where there is no connection and the page was not kept. The worker fetches it beforehand."""
    return render(request, "offline.html")
