"""Three addresses for whoever watches the server: is it alive, may it get traffic, and what does it count?

`/healthz` is answered by the process alone, so that a slow database gets no healthy process killed. `/readyz` looks at
everything that a request needs, at most once a second however often it is asked, and says what is wrong in words that
tell a stranger nothing. `/metrics` is for monitoring on this machine, or for whoever has its token.
"""

import hmac
import shutil
from collections.abc import Callable
from threading import Lock
from time import monotonic

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from jiugong import monitoring
from jiugong.journal.models import Message
from jiugong.lib import secrets
from jiugong.settings import setting
from jiugong.work import queue
from jiugong.work.queries import waiting_here

WELL = "ok"
KEPT_FOR = 1.0                                       # seconds: who asks more often hears the same again
FULL = 16 * 1024 * 1024                              # with less than this nothing can be written any more
UNAVAILABLE = 503
PROXIED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "X-Real-Ip", "Via")


@csrf_exempt
@login_not_required
@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    """200 while the process answers. No database, no disk: whoever restarts us by this must not do it for their sake."""
    return JsonResponse({"ok": True})


@csrf_exempt
@login_not_required
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 while requests can be answered and written; 503 with the reason while they cannot."""
    found = _looked.look()
    is_ready = all(said == WELL for name, said in found.items() if name in NEEDED)
    answer = JsonResponse({"ready": is_ready, "checks": found}, status=200 if is_ready else UNAVAILABLE)
    if not is_ready:
        answer.headers["Retry-After"] = "5"
    return answer


@csrf_exempt
@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """What is counted, for Prometheus. Whoever may not read it hears that there is nothing."""
    if not _may_read_metrics(request):
        raise Http404
    monitoring.DISK_FREE.set(shutil.disk_usage(settings.HOME).free)
    monitoring.WORKER_SILENT.set(queue.silent_seconds())
    try:
        waiting, oldest = waiting_here()
        monitoring.JOBS_WAITING.set(waiting)
        monitoring.JOBS_OLDEST.set(oldest)
        monitoring.MESSAGES_UNREAD.set(Message.objects.filter(read_at=None).count())
    except DatabaseError:
        pass                                         # what the processes counted is still worth reading
    return HttpResponse(monitoring.exposition(), content_type=CONTENT_TYPE_LATEST)


def _may_read_metrics(request: HttpRequest) -> bool:
    token = setting("JIUGONG_METRICS_TOKEN")
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    if token and shown:
        return hmac.compare_digest(shown.encode(), token.encode())
    is_near = request.META.get("REMOTE_ADDR", "") in ("127.0.0.1", "::1")
    return is_near and not any(header in request.headers for header in PROXIED)


# --- what readiness looks at ------------------------------------------------------------------------------------------

def database() -> str:
    """Does the database answer?"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return WELL


def writable() -> str:
    """Does it take what is written? On SQLite somebody who writes just now is the proof; nobody is waited for."""
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("SELECT current_setting('transaction_read_only')")
            return WELL if cursor.fetchone()[0] == "off" else "the database is read-only"
        if connection.in_atomic_block:
            return WELL
        cursor.execute("PRAGMA query_only")
        if cursor.fetchone()[0]:
            return "the database is read-only"
        cursor.execute("PRAGMA busy_timeout")
        patience = int(cursor.fetchone()[0])
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("ROLLBACK")
        except DatabaseError as reason:
            return WELL if "locked" in str(reason) else "the database is read-only"
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {patience}")
    return WELL


def migrations() -> str:
    """Is the database as new as the program? Once it is, it stays so while this process lives."""
    if not _looked.is_migrated:
        executor = MigrationExecutor(connection)
        _looked.is_migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return WELL if _looked.is_migrated else "the database is older than the program"


def keys() -> str:
    """Are the keys there, without which no number opens?"""
    try:
        secrets.ring()
    except (secrets.NoKeys, OSError, ValueError):
        return "keys are missing"
    return WELL


def disk() -> str:
    """Has the disk room?"""
    return WELL if shutil.disk_usage(settings.HOME).free > FULL else "the disk is full"


def worker() -> str:
    """Was the worker heard lately? Without one, what takes long is answered at once, and slowly."""
    return WELL if setting("JIUGONG_WORKER") == "never" or queue.is_heard() else "the worker was not heard lately"


CHECKS: dict[str, Callable[[], str]] = {
    "database": database, "writable": writable, "migrations": migrations, "keys": keys, "disk": disk,
    "worker": worker}
NEEDED = {"database", "writable", "migrations", "keys", "disk"}         # the worker is not: pages work without it


class _Looked:
    """What was found last, for a second. While one request looks, the others hear what is known."""

    def __init__(self) -> None:
        self.lock, self.at, self.is_migrated = Lock(), 0.0, False
        self.found: dict[str, str] = {}

    def look(self) -> dict[str, str]:
        if self.found and monotonic() - self.at < KEPT_FOR:
            return self.found
        if not self.lock.acquire(blocking=not self.found):
            return self.found
        try:
            self.found, self.at = {name: _found(check) for name, check in CHECKS.items()}, monotonic()
        finally:
            self.lock.release()
        return self.found


def _found(check: Callable[[], str]) -> str:
    try:
        return check()
    except DatabaseError:
        return "the database does not answer"
    except OSError:
        return "the disk does not answer"


_looked = _Looked()


def look_again() -> None:
    """Forget what was found: the next who asks hears it fresh."""
    _looked.found, _looked.is_migrated = {}, False
