"""For me: everybody reads what was written to him or to the person that he is, and nothing else."""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiugong.journal.actions import Draft, write_messages
from jiugong.journal.models import Message, MessageKind
from jiugong.journal.queries import messages_for, messages_to, unread_for
from jiugong.journal.tidings import sentence_of, url_of
from jiugong.lib.acting import operator
from tests.cast import MORNING, Town

pytestmark = pytest.mark.django_db


def write(town: Town, *drafts: Draft) -> None:
    write_messages(town.park, drafts, actor=operator())


def a_task(town: Town, number: int, **facts: Any) -> Draft:
    return Draft(once=f"task-{number}", kind=MessageKind.TASK, about="release:cn-2022-v9", to_user=town.users["tao"],
                 facts={"title": {"zh-hans": f"事项{number}", "en": f"matter {number}"}, **facts})


def a_client(town: Town, who: str, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(town.users[who])
    return client


@pytest.fixture
def two(town: Town, this_morning: datetime) -> Town:
    """Tao has a task as a user, and a reminder as the person that he is."""
    tao, person = town.users["tao"], town.park.people.get(name="陶磊")
    tao.person = person
    tao.save()
    write(town, a_task(town, 1), Draft(
        once="r", kind=MessageKind.REMINDER, about="round:1", to_person=person, step=3,
        facts={"title": {"zh-hans": "第1轮", "en": "Round 1"}, "until": MORNING.isoformat(), "count": 3, "names": ["郑伟"]}))
    return town


def test_somebody_reads_what_was_written_to_him_and_to_his_person(two: Town) -> None:
    page = a_client(two, "tao").get(f"/parks/{two.park.uid}/messages").content.decode()

    assert "There is something for you to do: matter 1." in page
    assert "Round 1: 3 people for whom you answer are missing: 郑伟 …" in page
    assert "2 unread messages" in page
    assert [message.about for message in messages_to(two.users["tao"].person)] == ["round:1"]      # type: ignore[arg-type]


@pytest.mark.parametrize("who", ["lin", "bo", "kai"])
def test_nobody_reads_what_was_written_to_another(two: Town, who: str) -> None:
    page = a_client(two, who).get(f"/parks/{two.park.uid}/messages").content.decode()

    assert "matter 1" not in page
    assert "Nothing was written to you yet" in page


def test_marking_one_read_leaves_the_others(two: Town) -> None:
    client, task = a_client(two, "tao"), Message.objects.get(client_id="task-1")

    client.post(f"/parks/{two.park.uid}/messages/read", {"message": task.pk})

    task.refresh_from_db()
    assert task.read_at == MORNING
    assert unread_for(two.users["tao"], two.park) == 1


def test_marking_all_read_marks_his_own_alone(two: Town) -> None:
    write(two, Draft(once="for-lin", kind=MessageKind.NOTICE, about="round:1", to_user=two.users["lin"]))

    a_client(two, "tao").post(f"/parks/{two.park.uid}/messages/read")

    assert unread_for(two.users["tao"], two.park) == 0
    assert unread_for(two.users["lin"], two.park) == 1


@pytest.mark.parametrize("which", ["another's", "99999999999999999", "x", "9" * 60])
def test_what_is_not_his_is_not_marked(two: Town, which: str) -> None:
    number = str(Message.objects.get(client_id="task-1").pk) if which == "another's" else which

    answer = a_client(two, "bo").post(f"/parks/{two.park.uid}/messages/read", {"message": number})

    assert answer.status_code == 302
    assert not Message.objects.exclude(read_at=None).exists()


@pytest.mark.parametrize(("asked", "shown"), [("", 2), ("?kind=task", 1), ("?kind=reminder", 1), ("?kind=notice", 0),
                                              ("?read=no", 2), ("?kind=nonsense", 2)])
def test_the_list_is_narrowed_in_the_address(two: Town, asked: str, shown: int) -> None:
    page = a_client(two, "tao").get(f"/parks/{two.park.uid}/messages{asked}").content.decode()

    assert page.count('class="message-row') == shown


def test_messages_of_another_park_are_not_counted_here(two: Town, other_town: Town) -> None:
    write_messages(other_town.park, [Draft(once="x", kind=MessageKind.NOTICE, about="round:1", to_user=two.users["tao"])],
                   actor=operator())

    assert messages_for(two.users["tao"], two.park).count() == 2


def test_a_long_list_costs_the_same_as_a_short_one(two: Town) -> None:
    client, address = a_client(two, "tao"), f"/parks/{two.park.uid}/messages"
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    write(two, *(a_task(two, number) for number in range(2, 22)))
    with CaptureQueriesContext(connection) as many:
        client.get(address)

    assert len(few) == len(many)


@pytest.mark.parametrize(("about", "facts", "sentence", "leads"), [
    ("round:1", {"title": {"en": "Round 1"}, "until": "2022-07-22T02:30:00+00:00"},
     "You have not done it yet: Round 1. Please do it until 07-22 10:30.", "?of=round:1"),
    ("round:1", {"title": {"en": "Round 1"}, "until": "2022-07-22T02:30:00+00:00", "late": True},
     "You have not done it yet: Round 1. It closed at 07-22 10:30; do it now, or say why not.", "?of=round:1"),
    ("round:2", {}, "You have not done it yet: Round 2.", "?of=round:2"),
])
def test_a_reminder_says_what_and_until_when(town: Town, about: str, facts: dict[str, Any], sentence: str, leads: str) -> None:
    from django.utils import translation

    write(town, Draft(once="x", kind=MessageKind.REMINDER, about=about, to_person=town.people["郑伟"], facts=facts))
    with translation.override("en"):
        message = Message.objects.get()
        assert sentence_of(message, town.park) == sentence
        assert url_of(message, town.park).endswith(leads)


@pytest.mark.parametrize(("about", "facts", "sentence"), [
    ("plan:firm", {"enterprise": "东风", "release": "cn-2022-20", "from_day": "2022-11-11", "due_on": "2022-11-14"},
     "The plan of 东风 is to be revised until 2022-11-14: cn-2022-20 holds from 2022-11-11."),
    ("plan:firm", {"enterprise": "东风", "stage": "in_review"}, "The plan of 东风 waits to be read and approved."),
    ("plan:firm", {"enterprise": "东风", "stage": "returned", "reason": "no names"}, "The plan of 东风 came back: no names"),
    ("plan:firm", {"enterprise": "东风", "stage": "approved", "reason": ""}, "The plan of 东风 is approved."),
    ("park-plan:emergency", {"kind": "emergency", "stage": "in_review"},
     "The park's emergency plan waits to be read and approved."),
    ("something:new", {"title": "a title"}, "There is something for you to do: a title."),
    ("something:new", {}, "There is something for you to do: something:new."),
])
def test_a_task_says_what_is_to_be_done(town: Town, about: str, facts: dict[str, Any], sentence: str) -> None:
    from django.utils import translation

    write(town, Draft(once="x", kind=MessageKind.TASK, about=about, to_user=town.users["lin"], facts=facts))
    with translation.override("en"):
        assert sentence_of(Message.objects.get(), town.park) == sentence
