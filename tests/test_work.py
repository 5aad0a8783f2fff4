"""What takes long is answered by the worker: once, as its owner, and only for its owner.

Long because a job is asked, done, fetched, called off and forgotten, and each has its two sides.
"""

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jiugong import worker
from jiugong.accounts.models import Membership
from jiugong.lib import clock, progress
from jiugong.lib.acting import Actor
from jiugong.registry.models import Person
from jiugong.work import queue
from jiugong.work.actions import MOST_TRIES, MOST_UNFINISHED, ask, begin, cancel, forget_old, take_up_again
from jiugong.work.errors import TooMuchWork
from jiugong.work.models import Job
from jiugong.work.queries import waiting_here
from jiugong.work.stages import NEXT, UNFINISHED, Stage
from tests.cast import Firm, Town, a_roster

MANY = [Firm("新来家具有限公司", "第1网格", [f"新人{number:04}" for number in range(30)], 90)]
NOBODY = Actor(key="user:0", name="nobody")


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A worker that is heard from. Its jobs are done when the test says so."""
    monkeypatch.setenv("JIUGONG_WORKER", "auto")
    queue.say_alive()
    yield
    queue.say_gone()
    queue.queue().storage.flush_all()


@pytest.fixture
def lin(town: Town, this_morning: Any) -> Client:
    client = Client()
    client.force_login(town.users["lin"])
    return client


def of_thirty_days(town: Town, below: str = "") -> str:
    return f"/parks/{town.park.uid}/brief/{below}?from=2022-06-23&to=2022-07-22"


def a_large_roster(town: Town) -> SimpleUploadedFile:
    """A few people in a heavy file: what a workbook carries beside its cells is noise."""
    stream = BytesIO(a_roster(town.park.name, MANY, [], base=500))
    with ZipFile(stream, "a") as book:
        book.writestr("docProps/noise.bin", os.urandom(900_000))
    return SimpleUploadedFile("roster.xlsx", stream.getvalue())


def work(client: Client, answer: Any) -> dict[str, Any]:
    """The worker does what was asked for; what its owner is told then."""
    assert answer.status_code == 302 and answer.headers["Location"].startswith("/jobs/"), answer.content
    uid = answer.headers["Location"].removeprefix("/jobs/")
    worker.work_off(uid)
    told: dict[str, Any] = client.get(f"/api/v1/jobs/{uid}").json()
    return told


# --- asked, done, fetched ---------------------------------------------------------------------------------------------

def test_where_no_worker_is_heard_the_view_answers_at_once(lin: Client, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIUGONG_WORKER", "auto")

    assert lin.get(of_thirty_days(town)).status_code == 200
    assert not Job.objects.exists()


def test_the_setting_can_forbid_the_worker(heard: None, lin: Client, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIUGONG_WORKER", "never")

    assert lin.get(of_thirty_days(town)).status_code == 200


def test_a_short_brief_is_answered_at_once(heard: None, lin: Client, town: Town) -> None:
    assert lin.get(f"/parks/{town.park.uid}/brief/?from=2022-07-17&to=2022-07-22").status_code == 200
    assert lin.get(f"/parks/{town.park.uid}/brief/?from=2022-07-16&to=2022-07-22").status_code == 302


def test_a_long_page_is_found_at_its_own_address(heard: None, lin: Client, town: Town) -> None:
    plain = lin.get(of_thirty_days(town), {"from": "2022-07-22", "to": "2022-07-22"})

    told = work(lin, lin.get(of_thirty_days(town)))
    page = lin.get(told["next"])

    assert (told["stage"], told["is_file"]) == ("done", False)
    assert told["next"].startswith(f"/parks/{town.park.uid}/brief/?from=2022-06-23&to=2022-07-22&work=")
    assert page.status_code == plain.status_code == 200
    assert town.park.name in page.content.decode()
    assert re.search(r'name="csrf-token" content="(?!w{64})\w{64}"', page.content.decode())


@pytest.mark.parametrize("kind", ["pdf", "docx", "xlsx"])
def test_a_paper_is_fetched_as_a_file(kind: str, heard: None, lin: Client, town: Town) -> None:
    told = work(lin, lin.get(of_thirty_days(town, f"paper/{kind}/")))

    paper = lin.get(told["next"])

    assert told["is_file"] is True
    assert paper.content[:2] in (b"PK", b"%P")
    assert "attachment" in paper.headers["Content-Disposition"]


def test_a_roster_is_looked_at_and_taken_by_the_worker(heard: None, lin: Client, town: Town) -> None:
    address = lin.post(f"/parks/{town.park.uid}/import", {"file": a_large_roster(town)}).headers["Location"]
    before = Person.objects.filter(park=town.park).count()

    looked_at = work(lin, lin.get(address))
    page = lin.get(looked_at["next"])
    assert (page.status_code, Person.objects.filter(park=town.park).count()) == (200, before)
    assert "新人0001" in page.content.decode() and town.park.name in page.content.decode()

    taken = work(lin, lin.post(looked_at["next"], {"bad_rows": "report"}))
    assert taken["next"] == address
    assert lin.get(address).status_code == 200
    assert Person.objects.filter(park=town.park).count() == before + len(MANY[0].workers)

    assert lin.post(looked_at["next"], {"bad_rows": "report"}).status_code in (200, 302)
    assert Person.objects.filter(park=town.park).count() == before + len(MANY[0].workers)


def test_a_large_file_of_scans_is_taken_by_the_worker(heard: None, lin: Client, town: Town) -> None:
    rows = "".join(f"not-a-scan-{number}\n" for number in range(20_000)).encode()
    file = SimpleUploadedFile("scans.csv", rows)

    told = work(lin, lin.post(f"/parks/{town.park.uid}/scans/import", {"file": file}))

    assert told["title"] == "scans.csv" and told["stage"] in ("done", "refused")
    assert lin.get(told["next"]).status_code in (200, 422)


def test_what_the_view_refuses_is_told_as_it_tells_it(heard: None, lin: Client, town: Town) -> None:
    told = work(lin, lin.get(of_thirty_days(town) + "&language=fr"))

    assert (told["stage"], told["refused"]) == ("refused", "briefs.language_unknown")
    assert lin.get(told["next"]).status_code == 422


def test_powers_are_those_of_the_moment_in_which_it_is_done(heard: None, lin: Client, town: Town) -> None:
    asked = lin.get(of_thirty_days(town))
    Membership.objects.filter(user=town.users["lin"]).delete()

    told = work(lin, asked)

    assert told["stage"] == "refused"


def test_the_same_request_is_asked_once_while_it_is_under_way(heard: None, lin: Client, town: Town) -> None:
    first, again = lin.get(of_thirty_days(town)), lin.get(of_thirty_days(town))

    assert first.headers["Location"] == again.headers["Location"]
    work(lin, first)
    assert lin.get(of_thirty_days(town)).headers["Location"] != first.headers["Location"]


def test_nobody_else_sees_it(heard: None, lin: Client, town: Town, other_town: Town) -> None:
    address = lin.get(of_thirty_days(town)).headers["Location"]
    uid = address.removeprefix("/jobs/")
    for user in (town.users["zhou"], other_town.users["ines"]):
        other = Client()
        other.force_login(user)

        assert {other.get(address).status_code, other.get(f"{address}/answer").status_code,
                other.post(f"{address}/cancel").status_code, other.get(f"/api/v1/jobs/{uid}").status_code,
                other.post(f"/api/v1/jobs/{uid}/cancel").status_code} == {404}
        assert address not in other.get("/jobs/").content.decode()
    assert Client().get(address).status_code == 302
    assert Client().get(f"/api/v1/jobs/{uid}").status_code == 401
    assert Job.objects.get().stage == Stage.WAITING


def test_the_answer_of_another_address_is_not_given(heard: None, lin: Client, town: Town) -> None:
    told = work(lin, lin.get(of_thirty_days(town)))
    uid = told["id"]

    other = lin.get(f"/parks/{town.park.uid}/brief/paper/docx/?from=2022-07-22&to=2022-07-22&work={uid}")

    assert "attachment" in other.headers["Content-Disposition"]


def test_what_was_asked_and_answered_is_sealed(heard: None, lin: Client, town: Town) -> None:
    work(lin, lin.get(of_thirty_days(town) + "&q=吴强"))

    job = Job.objects.get()
    kept = bytes(job.asked_sealed) + bytes(job.answer_sealed or b"")
    assert "吴强".encode() not in kept and town.park.name.encode() not in kept and b"brief" not in kept
    assert job.asked()["path"].endswith("/brief/") and job.answer()["status"] == 200


# --- its life ---------------------------------------------------------------------------------------------------------

@pytest.mark.pure
def test_a_life_ends_and_goes_back_only_to_waiting() -> None:
    assert {after for stage in Stage for after in NEXT[stage]} | {Stage.WAITING} == set(Stage)
    assert [stage for stage in Stage if NEXT[stage]] == [*UNFINISHED]


def test_while_it_waits_it_says_when_to_ask_again(heard: None, lin: Client, town: Town) -> None:
    address = lin.get(of_thirty_days(town)).headers["Location"]

    answer = lin.get(f"/api/v1/jobs/{address.removeprefix('/jobs/')}")

    assert (answer.json()["stage"], answer.headers["Retry-After"]) == ("waiting", "1")
    assert lin.get(f"{address}/answer").status_code == 409
    assert lin.get(address).status_code == 200 and address in lin.get("/jobs/").content.decode()
    assert "/jobs/" in lin.get(f"/parks/{town.park.uid}/people").content.decode()


def test_what_waits_can_be_called_off_and_is_never_begun(heard: None, lin: Client, town: Town) -> None:
    address = lin.get(of_thirty_days(town)).headers["Location"]

    lin.post(f"{address}/cancel")
    worker.work_off(address.removeprefix("/jobs/"))

    assert Job.objects.get().stage == Stage.CANCELLED


def test_what_is_being_done_stops_at_its_next_step(heard: None, lin: Client, town: Town) -> None:
    job = an_asked(1)
    assert begin(str(job.uid)) is not None
    heard_of = worker._Heard(str(job.uid))
    heard_of(1, 3)
    assert queue.progress(str(job.uid)) == (1, 3)

    cancel(job, actor=NOBODY)
    heard_of.looked = 0.0

    with pytest.raises(progress.Stopped):
        heard_of(2, 3)


def an_asked(number: int) -> Job:
    return ask({"method": "GET", "path": f"/x/{number}", "query": "", "language": "en"}, view="x", title="x",
               likeness=f"likeness-{number}", actor=NOBODY)


def test_a_worker_that_died_in_the_middle_takes_up_its_work_again_but_not_for_ever(heard: None, db: None) -> None:
    job = an_asked(1)
    for tried in range(1, MOST_TRIES):
        assert begin(str(job.uid)) is not None
        assert take_up_again() == 1
        job.refresh_from_db()
        assert (job.stage, job.tries) == (Stage.WAITING, tried)
    assert begin(str(job.uid)) is not None

    assert take_up_again() == 0
    job.refresh_from_db()
    assert job.stage == Stage.FAILED


def test_a_mistake_of_ours_is_a_failed_job_and_the_worker_goes_on(heard: None, db: None) -> None:
    job = an_asked(1)                                                   # nobody is user:0

    worker.work_off(str(job.uid))

    job.refresh_from_db()
    assert job.stage == Stage.FAILED


def test_an_owner_has_only_so_much_under_way(heard: None, db: None) -> None:
    for number in range(MOST_UNFINISHED):
        an_asked(number)

    with pytest.raises(TooMuchWork):
        an_asked(MOST_UNFINISHED)
    assert Job.objects.count() == waiting_here()[0] == MOST_UNFINISHED


@pytest.mark.parametrize(("later", "left"), [(timedelta(hours=23, minutes=59), 1), (timedelta(days=1), 0)])
def test_it_is_forgotten_after_a_day(later: timedelta, left: int, heard: None, db: None) -> None:
    an_asked(1)
    Job.objects.update(asked_at=clock.machine_time() - later)

    forget_old()

    assert Job.objects.count() == left


def test_the_list_of_mine_asks_as_often_for_one_as_for_many(heard: None, lin: Client, town: Town,
                                                            django_assert_max_num_queries: Any) -> None:
    actor = Actor(key=f"user:{town.users['lin'].pk}", name="lin")
    for number in range(MOST_UNFINISHED):
        ask({"path": "/"}, view="x", title=f"x{number}", likeness=f"l{number}", actor=actor)

    with django_assert_max_num_queries(10):
        assert lin.get("/jobs/").content.decode().count("data-label") >= MOST_UNFINISHED


@pytest.mark.pure
@pytest.mark.parametrize(("silent", "is_heard"), [(0, True), (14.5, True), (16, False)])
def test_a_worker_that_says_nothing_for_long_is_not_heard(silent: float, is_heard: bool, tmp_path: Path) -> None:
    queue.say_alive()
    moment = clock.machine_time().timestamp() - silent
    os.utime(queue.folder() / "heard", (moment, moment))

    assert queue.is_heard() is is_heard
    queue.say_gone()
    assert queue.silent_seconds() == -1
