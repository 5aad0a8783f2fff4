"""What a house is filled with before it is measured: parks with people, rounds, points, and devices that are signed in.

    python -m bench.makers park --people 20000 --devices 16 --rounds 8 [--rules]     a park as its roster file says it
    python -m bench.makers city --parks 600 --people 20000                           many parks, written past the house

It prints one document in JSON. The people are the same in every park: who stands where in the roster has `number(at)`.
"""

import argparse
import json
import os
import uuid
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from typing import Any

from jiugong.lib.identifiers import id_check_digit

RULES = "cn-flu-work"
FROM_AGO = timedelta(days=20)


def number(at: int) -> str:
    """The invented ID number of who stands at a place of the roster: region 349901 does not exist."""
    first17 = f"349901{1960 + at % 40}{at // 40 % 12 + 1:02}{at // 480 % 28 + 1:02}{at // 13_440 * 100 + at % 100:03}"
    return first17 + id_check_digit(first17)


def main() -> None:
    words = argparse.ArgumentParser(prog="python -m bench.makers", description=__doc__)
    words.add_argument("what", choices=("park", "city"))
    words.add_argument("--people", type=int, default=20_000, help="in each park")
    words.add_argument("--parks", type=int, default=1)
    words.add_argument("--devices", type=int, default=16, help="in each park")
    words.add_argument("--rounds", type=int, default=1, help="in each park, all of them open now")
    words.add_argument("--rules", action="store_true", help="with rules adopted, so that duties are owed")
    given = words.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiugong.settings")
    import django

    django.setup()
    from jiugong.lib.acting import operator
    from jiugong.registry.actions.parks import create_park

    made: list[dict[str, Any]] = []
    for at in range(given.parks):
        park = create_park(f"测量园区{at + 1:03}" if given.what == "city" else "测量园区", actor=operator())
        if given.what == "park":
            _import(park, given.people)
        made.append({"park": str(park.uid), "pk": park.pk, "rounds": _rounds(park, given.rounds),
                     "points": _points(park), "devices": _devices(park, given.devices)})
        if given.rules:
            made[-1]["officer"] = _adopt(park)
    if given.what == "city":
        _write_people([each["pk"] for each in made], given.people)
    _analyze()
    print(json.dumps({"people": given.people, "parks": made}))


def _import(park: Any, people: int) -> None:
    from bench.roster import a_workbook
    from jiugong.lib.acting import operator
    from jiugong.registry.actions.rosters import import_roster, read_roster_file

    file = read_roster_file(a_workbook(people), name="roster.xlsx", park=park, park_name=park.name, mapping={})
    assert import_roster(park, file, actor=operator()).created_people == people


def _rounds(park: Any, count: int) -> list[int]:
    from jiugong.lib import clock
    from jiugong.lib.acting import operator
    from jiugong.screening.actions.rounds import open_round

    now = clock.now()
    return [open_round(park, opens_at=now - timedelta(hours=1, minutes=at), closes_at=now + timedelta(hours=11), pool_size=20,
                       actor=operator()).number for at in range(count)]


def _points(park: Any) -> list[str]:
    from jiugong.lib.acting import operator
    from jiugong.screening.actions.points import set_up_point
    from jiugong.screening.words import PointKind

    return [set_up_point(park, f"东门{at + 1}号采样点", kind=PointKind.PUBLIC, actor=operator()).name for at in range(4)]


def _devices(park: Any, count: int) -> list[dict[str, str]]:
    """Phones that are signed in: each its own user, who samples in the whole park, with his session."""
    from jiugong.accounts.actions import create_user, grant
    from jiugong.accounts.roles import AccountRole
    from jiugong.lib.acting import operator

    signed_in = []
    for at in range(count):
        user = create_user(f"device-{park.pk}-{at}", name=f"扫码员{at}", park=park, actor=operator())
        grant(user, AccountRole.SCANNER, park=park, actor=operator())
        signed_in.append(_sign_in(user))
    return signed_in


def _adopt(park: Any) -> dict[str, str]:
    from jiugong.accounts.actions import create_user, grant
    from jiugong.accounts.roles import AccountRole
    from jiugong.lib import clock, days
    from jiugong.lib.acting import operator
    from jiugong.rulebook.actions import adopt

    adopt(park, RULES, from_day=days.day_of(clock.now() - FROM_AGO, park.zone), actor=operator())
    user = create_user(f"officer-{park.pk}", name="值班员", park=park, actor=operator())
    grant(user, AccountRole.DUTY_OFFICER, park=park, actor=operator())
    return _sign_in(user)


def _sign_in(user: Any) -> dict[str, str]:
    """A session as the sign-in page opens it, and what the page would send beside it."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.middleware.csrf import _get_new_csrf_string

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = "jiugong.accounts.backends.SignedInHere"
    session["account_authentication_methods"] = [{"method": "mfa", "at": 0}]          # as after the second step
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return {"session": session.session_key, "csrf": _get_new_csrf_string()}


def _write_people(parks: list[int], people: int) -> None:
    """A roster for each park, as far as a scan looks at it: who it is, and under which blind index; truly sealed."""
    from django.db import connection

    columns = "uid, park_id, name, id_sealed, id_index, remark"
    from jiugong.registry.models import Park

    everywhere = list(Park.objects.filter(pk__in=parks).order_by("pk"))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY registry_person ({columns}) FROM STDIN (FORMAT BINARY)") as copy:
                copy.set_types(["uuid", "int8", "varchar", "bytea", "bytea", "varchar"])
                for row in _people(everywhere, people):
                    copy.write_row(row)
        else:
            cursor.connection.executemany(f"INSERT INTO registry_person ({columns}) VALUES (?, ?, ?, ?, ?, ?)",
                                          ((row[0].hex, *row[1:]) for row in _people(everywhere, people)))
            cursor.connection.commit()


def _people(parks: list[Any], people: int) -> Iterator[tuple[Any, ...]]:
    from jiugong.lib import secrets
    from jiugong.registry.models import id_index

    ring, numbers = secrets.ring(), [number(at) for at in range(people)]
    names = [f"{'赵钱孙李周吴郑王'[at % 8]}{'伟芳娜敏静丽强磊'[at // 8 % 8]}" for at in range(64)]
    for park in parks:
        for at, text in enumerate(numbers):
            uid = uuid.UUID(int=park.pk << 64 | at, version=4)
            yield (uid, park.pk, names[at % 64], ring.seal(text, where=f"registry_person.id_number.{uid}"),
                   id_index(park, text, ring), "")


def _analyze() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


if __name__ == "__main__":
    main()
