"""Running the house: set up, serve, look for what is wrong, Django's own commands."""

import argparse
import os
import secrets as random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import run_checks
from django.core.management import call_command, execute_from_command_line
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiugong import settings as ours
from jiugong import tls
from jiugong.lib import clock, secrets
from jiugong.lib.commanding import DONE, REFUSED, answer, complain
from jiugong.lib.refusal import Refusal
from jiugong.lib.tls_files import SERVER_LOG

LOW = 1024 * 1024 * 1024                                     # bytes
OLD = 10 * 60                                                # seconds


class KeysLost(Refusal):
    code = "house.keys_lost"
    message = gettext_lazy("The database holds sealed numbers, but its keys are not in %(keys)s. Put the backup of the keys "
                           "back; new keys could never open those numbers.")


def add_parser(commands: Any) -> None:
    """`jiugong setup`, `serve`, `worker`, `doctor`, `manage`."""
    setup = commands.add_parser("setup", help="database and keys; safe to repeat")
    setup.add_argument("--json", action="store_true")
    setup.set_defaults(run=set_up)
    serve_ = commands.add_parser("serve", help="serve the pages and the API")
    serve_.add_argument("--bind", metavar="HOST:PORT", help="without it JIUGONG_BIND, and with --tls 0.0.0.0:8443")
    serve_.add_argument("--no-worker", action="store_true", help="do not start a worker beside it; long work is done at once")
    tls.add_arguments(serve_)
    serve_.set_defaults(run=serve)
    worker_ = commands.add_parser("worker", help="do what takes long; `serve` starts one by itself")
    worker_.set_defaults(run=work)
    doctor_ = commands.add_parser("doctor", help="say in plain words what is wrong with this installation")
    doctor_.add_argument("--json", action="store_true")
    doctor_.set_defaults(run=doctor)
    manage = commands.add_parser("manage", help="Django's own commands, as in `jiugong manage makemigrations`",
                                 add_help=False, prefix_chars="\0")
    manage.add_argument("words", nargs="*")
    manage.set_defaults(run=django_command)


def set_up(given: argparse.Namespace) -> int:
    """Make the home, its keys and its tables; what is there already stays."""
    settings.HOME.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings.KEYS.mkdir(mode=0o700, exist_ok=True)
    if not settings.KEY_RING_FILE.exists():
        if _holds_people():
            raise KeysLost(keys=str(settings.KEYS))
        secrets.write_ring(secrets.fresh_ring(), settings.KEY_RING_FILE)
    if not settings.SECRET_KEY_FILE.exists():
        descriptor = os.open(settings.SECRET_KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(random.token_urlsafe(48))
    if connection.vendor == "sqlite":
        secrets.for_us_alone(settings.DATABASE_FILE)
    call_command("migrate", verbosity=0, interactive=False)
    answer({"home": str(settings.HOME), "database": connection.vendor}, as_json=given.json,
           text=_("Ready in %(home)s (%(database)s).") % {"home": settings.HOME, "database": connection.vendor})
    return DONE


def serve(given: argparse.Namespace) -> int:
    """Serve with granian, the front before Django: one process on SQLite, which has one writer, two on PostgreSQL."""
    problems = [problem for problem in run_checks() if problem.level >= 40]
    for problem in problems:
        complain(f"{problem.msg} {problem.hint or ''}")
    if problems:
        return REFUSED
    serving = tls.prepared(given)
    call_command("collectstatic", verbosity=0, interactive=False)
    host, _colon, port = serving.bind.rpartition(":")
    on_sqlite = connection.vendor == "sqlite"
    workers = int(ours.setting("JIUGONG_WORKERS")) or (1 if on_sqlite else 2)
    metrics = settings.HOME / "metrics"
    shutil.rmtree(metrics, ignore_errors=True)
    metrics.mkdir(mode=0o700)
    os.environ |= {"JIUGONG_HOME": str(settings.HOME), "PROMETHEUS_MULTIPROC_DIR": str(metrics)}
    if not getattr(given, "no_worker", False) and ours.setting("JIUGONG_WORKER") != "never":
        subprocess.Popen([sys.executable, "-m", "jiugong.worker_keeper", str(os.getpid())], start_new_session=True)
    print(serving.announce(), flush=True)
    server = str(Path(sys.executable).with_name("granian"))
    words = [server, "--interface", "rsgi", "--host", host or "127.0.0.1", "--port", port, "--workers", str(workers),
             "--backlog", "4096", "--no-ws", "--log-level", "warning", "--log-config", SERVER_LOG,
             *serving.words,
             "jiugong.front:application"]
    connection.close()
    os.environ |= serving.environment
    serving.keep()
    return os.execve(server, words, os.environ)     # noqa: S606 — we become the server


def work(given: argparse.Namespace) -> int:
    """Be the worker of this home until somebody says stop."""
    from jiugong import worker

    worker.run()
    return DONE


def doctor(given: argparse.Namespace) -> int:
    """Say what is wrong, and what to do about it; nothing wrong is exit status 0."""
    found = [{"what": str(problem.msg), "do": str(problem.hint or ""), "serious": problem.level >= 40}
             for problem in run_checks()]
    found += _database_problems() or [*_worker_problems(), *_backup_problems()]
    found += _disk_problems()
    text = "\n".join(f"{'✗' if each['serious'] else '!'} {each['what']} {each['do']}" for each in found)
    answer({"ok": not found, "found": found}, as_json=given.json, text=text or _("Nothing is wrong."))
    return REFUSED if any(each["serious"] for each in found) else DONE


def django_command(given: argparse.Namespace) -> int:
    execute_from_command_line(["jiugong manage", *given.words])
    return DONE


def _database_problems() -> list[dict[str, Any]]:
    try:
        from django.db.migrations.executor import MigrationExecutor

        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as reason:
        return [{"what": _("The database does not answer: %(reason)s.") % {"reason": str(reason).strip()},
                 "do": _("Look at JIUGONG_DATABASE_URL, and whether the database runs."), "serious": True}]
    if waiting:
        return [{"what": _("The database is older than this version (%(steps)s steps).") % {"steps": len(waiting)},
                 "do": _("Run `jiugong setup`."), "serious": True}]
    return _sealed_problems()


def _worker_problems() -> list[dict[str, Any]]:
    """Does somebody do what takes long? A server that does not run needs none."""
    from jiugong.work import queue
    from jiugong.work.queries import waiting_here

    waiting, oldest = waiting_here()
    if ours.setting("JIUGONG_WORKER") == "never" or (queue.silent_seconds() < 0 and not waiting):
        return []
    if not queue.is_heard():
        return [{"what": _("The worker is not running; %(waiting)s pieces of long work wait.") % {"waiting": waiting},
                 "do": _("Start `jiugong serve`, which starts one, or `jiugong worker`."), "serious": False}]
    if oldest > OLD:
        return [{"what": _("Long work has waited for %(minutes)s minutes.") % {"minutes": round(oldest / 60)},
                 "do": _("Look into the log for what the worker does; it can be stopped and started at any time."),
                 "serious": False}]
    return []


def _backup_problems() -> list[dict[str, Any]]:
    """Could what is here be brought back?"""
    from jiugong.lasting.queries.backups import concerns
    from jiugong.lasting.sentences import concern_in_words

    said = map(concern_in_words, concerns(clock.now()))
    return [{"what": what, "do": do, "serious": False} for what, do in said]


def _disk_problems() -> list[dict[str, Any]]:
    """Is there room for another day?"""
    if not settings.HOME.exists() or shutil.disk_usage(settings.HOME).free > LOW:
        return []
    return [{"what": _("The disk has %(megabytes)s MB left.") % {
                "megabytes": shutil.disk_usage(settings.HOME).free // 1024 // 1024},
             "do": _("Make room in %(home)s: when it is full nothing can be saved.") % {"home": settings.HOME},
             "serious": False}]


def _sealed_problems() -> list[dict[str, Any]]:
    """Does one sealed number open with the keys that are here?"""
    from jiugong.registry.models import Person

    person = Person.objects.filter(id_sealed__isnull=False).first()
    try:
        if person:
            person.open_id_number(secrets.ring())
    except (secrets.CannotOpen, secrets.NoKeys) as reason:
        return [{"what": str(reason), "do": _("Put the backup of the keys back into %(keys)s.") % {"keys": settings.KEYS},
                 "serious": True}]
    return []


def _holds_people() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM registry_person LIMIT 1")
            return cursor.fetchone() is not None
    except DatabaseError:
        return False
