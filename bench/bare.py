"""The peer of a scan: a bare view that writes what it was sent with one upsert, and does nothing else.

No sign-in, no middleware, no checks, no journal: Django with one table and one view, the same store with the same settings,
the same server. What it takes is what any program on this machine would have to take.
"""

import json
import os
from typing import Any

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

if not settings.configured:
    from jiugong.settings import DATABASES

    settings.configure(SECRET_KEY="bench", ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, USE_TZ=True, DATABASES={"default": {
        **DATABASES["default"], **json.loads(os.environ["BENCH_BARE"])}})
    django.setup()

TABLE = """CREATE TABLE IF NOT EXISTS bare_scan (scan_id varchar(64) PRIMARY KEY, round integer NOT NULL, tube varchar(40) NOT NULL,
           point varchar(120) NOT NULL, resident_id varchar(40) NOT NULL, sampled_at varchar(40) NOT NULL,
           device varchar(60) NOT NULL)"""
UPSERT = """INSERT INTO bare_scan (scan_id, round, tube, point, resident_id, sampled_at, device) VALUES (%s, %s, %s, %s, %s, %s, %s)
            ON CONFLICT (scan_id) DO NOTHING"""
COLUMNS = ("scan_id", "round", "tube", "point", "resident_id", "sampled_at", "device")


def take(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.executemany(UPSERT, [[scan[name] for name in COLUMNS] for scan in json.loads(request.body)["scans"]])
    return _answer({"ok": True})


def ready(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
    return _answer({"ok": True})


def _answer(data: dict[str, Any]) -> HttpResponse:
    told = json.dumps(data)
    return HttpResponse(told, content_type="application/json", headers={"Content-Length": str(len(told))})


urlpatterns = [path("ready", ready), path("take", take)]
application = get_wsgi_application()
