"""What a pass along OWASP ASVS 5.0 tried at the door and between parks (SECURITY.md has the chapters)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from jiugong.accounts.actions import grant
from jiugong.accounts.models import Shift, SignIn
from jiugong.accounts.roles import AccountRole
from jiugong.accounts.tests.test_sign_in import PASSWORD, guarded, knock
from jiugong.lib.acting import operator
from jiugong.registry.models import Place
from jiugong.registry.words import PlaceKind
from tests.cast import MORNING, Town
from tests.installed import SQLITE, installed

__all__ = ["guarded"]
pytestmark = pytest.mark.usefixtures("this_morning")
ELSEWHERE = ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
             "https:evil.example", "\t//evil.example", "http:///evil.example"]


def test_between_the_password_and_the_second_step_nothing_opens(town: Town, guarded: Any) -> None:
    """The session cookie exists already, and is worth nothing: pages, operations, the scan door, changes of how one signs in."""
    halfway, park = Client(), town.park.uid
    knock(halfway, "lin")

    sent = halfway.post("/api/v1/screening/scans", {"park": str(park), "scans": []}, content_type="application/json")
    assert sent.status_code == 401
    assert halfway.get(f"/api/v1/journal/notices?park={park}").status_code == 401
    for page in ("/", "/my/sign-in/app", "/my/password", "/my/operator", "/my/sign-in/codes/new", f"/parks/{park}/accounts"):
        assert halfway.get(page).headers["Location"].startswith("/sign-in?next="), page
    assert SignIn.objects.count() == 1                                # Lin's own, and no other


def test_the_second_step_of_one_does_not_serve_another(town: Town, guarded: Any) -> None:
    """Zhou's password and then Lin's code open neither."""
    halfway = Client()
    knock(halfway, "zhou")

    assert halfway.get("/sign-in/second-step").status_code in (302, 404)      # Zhou has no factor: he is led to set one up
    assert halfway.get("/api/v1/registry/parks").json()["refused"] == "accounts.second_factor_first"


@pytest.mark.parametrize("address", ["/sign-in", "/sign-in/second-step", "/sign-in/passkey", "/sign-in/link/x", "/my/operator"])
def test_the_doors_take_no_form_of_another_site(town: Town, guarded: Any, address: str) -> None:
    forged = Client(enforce_csrf_checks=True)
    forged.cookies = guarded[0].cookies if address.startswith("/my") else forged.cookies

    assert forged.post(address, {"username": "lin", "password": PASSWORD, "reason": "x"}).status_code == 403


@pytest.mark.parametrize("next_one", ELSEWHERE)
def test_no_way_on_leads_to_another_site(town: Town, guarded: Any, next_one: str) -> None:
    inside, _secret = guarded
    answers = [Client().post("/sign-in", {"username": "shu", "password": PASSWORD, "next": next_one}),
               inside.get("/sign-in", {"next": next_one}),
               inside.post("/my/sign-in/again", {"password": PASSWORD, "next": next_one})]

    for answer in answers:
        assert answer.status_code == 302
        assert "evil" not in answer.headers["Location"] and "javascript" not in answer.headers["Location"]


def test_every_answer_says_what_browsers_may_do_with_it(town: Town) -> None:
    for address in ("/sign-in", "/api/v1/registry/parks", "/nowhere", "/healthz"):
        said = Client().get(address).headers
        assert "frame-ancestors 'none'" in said["Content-Security-Policy"], address
        assert "unsafe-inline" not in said["Content-Security-Policy"]
        assert (said["X-Content-Type-Options"], said["X-Frame-Options"], said["Cross-Origin-Opener-Policy"]) == (
            "nosniff", "DENY", "same-origin")
        assert said["Referrer-Policy"] == "same-origin"
        assert "no-store" in said["Cache-Control"]


def test_a_shift_over_a_place_of_another_park_is_not_planned_where_that_park_would_not_see_it(
        town: Town, other_town: Town) -> None:
    lin, theirs = Client(), Place.objects.filter(park=other_town.park, kind=PlaceKind.GRID).first()
    grant(town.users["lin"], AccountRole.DUTY_OFFICER, park=other_town.park, actor=operator())
    lin.force_login(town.users["lin"])
    assert theirs

    answer = lin.post("/api/v1/accounts/shifts", {
        "park": str(town.park.uid), "client_id": "two-parks-1", "username": "shu", "role": "scanner", "place": theirs.pk,
        "since_at": MORNING.isoformat(), "until_at": (MORNING + timedelta(hours=8)).isoformat()}, content_type="application/json")

    assert answer.status_code == 404
    assert not Shift.objects.exists()


def test_no_other_account_of_the_machine_reads_the_database_or_the_keys(tmp_path: Path) -> None:
    """Names, health answers and live sessions stand in the database in plain text."""
    home = Path(installed(tmp_path, on=SQLITE)["JIUGONG_HOME"])
    kept = [*home.glob("jiugong.sqlite3*"), *(path for path in (home / "keys").rglob("*") if path.is_file())]

    assert len(kept) >= 3
    assert [path.name for path in kept if path.stat().st_mode & 0o077] == []
