"""Notices: to whom, read by whose hand, and who makes sure that the last one has read it.

Long because a notice is followed from its sending to the last one who reads it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from jiugong.accounts.queries import actor_for
from jiugong.journal.actions.notices import (
    Words,
    acknowledge,
    hand_over_notice,
    open_notice,
    remind_keepers,
    remind_rest,
    send_notice,
)
from jiugong.journal.actions.sending import send_due
from jiugong.journal.actions.ways import keep_ways
from jiugong.journal.errors import (
    AttachmentNotTaken,
    KeeperCannotSee,
    NothingToAcknowledge,
    NoticeIdReused,
    NoticeMisshapen,
    NoticeReachesNobody,
)
from jiugong.journal.logic.attachments import MOST_BYTES, kind_of, name_for
from jiugong.journal.logic.reach import Reach, covers, within_both
from jiugong.journal.matters import matters
from jiugong.journal.models import Channel, Delivery, LookUp, Message, MessageKind, Notice
from jiugong.journal.queries.notices import own_notice, pending, reach_of, recipients_of
from jiugong.journal.tests.receivers import a_gateway
from jiugong.lib import clock
from jiugong.lib.acting import NotAllowed, operator
from jiugong.registry.errors import NotHere
from tests.cast import MORNING, Town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_morning")]
UNTIL = MORNING + timedelta(hours=6)


def a_notice(town: Town, by: str = "lin", keeper: str = "", reach: Reach | None = None, **words: Any) -> Notice:
    return send_notice(town.park, Words(**{"kind": "policy", "title_zh": "关于加强防控的通知", "text_zh": "请各企业落实。",
                                           "title_en": "On prevention", "text_en": "Please do.", **words}), reach or Reach(),
                       client_id=uuid4().hex, keeper=town.users[keeper or by], actor=actor_for(town.users[by]))


def names(notice: Notice) -> set[str]:
    return {(each.to_person or each.to_user).name for each in recipients_of(notice)}              # type: ignore[union-attr]


def signed_in(town: Town, who: str, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(town.users[who])
    return client


def at(town: Town, name: str, notice: Notice | None = None) -> str:
    return reverse(name, args=[town.park.uid, *([notice.uid] if notice else [])])


# to whom --------------------------------------------------------------------------------------------------------------

def test_a_notice_reaches_everybody_on_the_roster(town: Town) -> None:
    assert names(a_notice(town)) == {"吴强", "孙丽", "郑伟", "钱进", "冯雪", "褚亮", "卫红", "蒋明"}


@pytest.mark.parametrize(("reach", "whom"), [
    ({"units": "东风木业有限公司"}, {"吴强", "孙丽", "郑伟"}), ({"grids": "第2网格"}, {"褚亮", "卫红", "蒋明"}),
    ({"roles": ("grid_leader",), "workers": False}, {"陶磊", "柏青"}),
    ({"grids": "第1网格", "roles": ("grid_leader",), "workers": False}, {"陶磊"}),
    ({"units": "东风木业有限公司", "roles": ("prevention_officer", "duty_officer")}, {"吴强", "孙丽", "郑伟", "方敏"}),
    ({"units": "东风木业有限公司", "posts": ("操作工",)}, {"吴强", "孙丽", "郑伟"}),
    ({"roles": ("duty_officer",), "workers": False}, {"林园"})])
def test_whom_it_reaches_is_chosen_by_branch_post_and_role(town: Town, reach: dict[str, Any], whom: set[str]) -> None:
    ids: dict[str, Callable[[str], tuple[Any, ...]]] = {
        "units": lambda name: (str(town.firms[name].uid),), "grids": lambda name: (town.grids[name].pk,)}
    named: dict[str, Any] = {key: ids[key](value) if key in ids else value for key, value in reach.items()}

    assert names(a_notice(town, reach=Reach(**named))) == whom


def test_nobody_reaches_further_than_his_own_branch(town: Town) -> None:
    assert names(a_notice(town, by="tao", reach=Reach(roles=("grid_leader", "duty_officer")))) == {
        "吴强", "孙丽", "郑伟", "钱进", "冯雪", "陶磊"}
    with pytest.raises(NotHere):
        a_notice(town, by="tao", reach=Reach(units=(str(town.firms["西河门窗有限公司"].uid),)))
    with pytest.raises(NotHere):
        a_notice(town, by="fang", reach=Reach(grids=(town.grids["第1网格"].pk,)))

    assert Notice.objects.count() == 1


@pytest.mark.parametrize("who", ["zhou", "shu", "kai", "yan", "yi", "qin"])
def test_whoever_may_not_sends_none(town: Town, who: str) -> None:
    with pytest.raises(NotAllowed):
        a_notice(town, by=who, keeper="lin")

    assert not Notice.objects.exists()
    assert not Message.objects.exists()


def test_another_park_is_not_reached(town: Town, other_town: Town) -> None:
    with pytest.raises(NotHere):
        a_notice(town, reach=Reach(units=(str(other_town.firms["东风木业有限公司"].uid),)))
    a_notice(town)

    assert not Message.objects.filter(park=other_town.park).exists()


def test_somebody_who_is_user_and_person_is_told_once(town: Town) -> None:
    town.users["fang"].person = town.people["吴强"]
    town.users["fang"].save()

    notice = a_notice(town, reach=Reach(roles=("prevention_officer",)))

    assert recipients_of(notice).count() == 8
    assert own_notice(notice.uid, user=town.users["fang"]).to_person == town.people["吴强"]


def test_a_notice_to_nobody_is_refused(town: Town) -> None:
    with pytest.raises(NoticeReachesNobody):
        a_notice(town, reach=Reach(posts=("没有这个岗位",)))

    assert not Notice.objects.exists()


def test_the_same_id_is_the_same_notice(town: Town) -> None:
    words = Words(kind="study", title_zh="学习", text_zh="一")
    first = send_notice(town.park, words, Reach(), client_id="client-1", keeper=town.users["lin"], actor=operator())
    again = send_notice(town.park, words, Reach(), client_id="client-1", keeper=town.users["lin"], actor=operator())
    with pytest.raises(NoticeIdReused):
        send_notice(town.park, Words(kind="study", title_zh="别的", text_zh="二"), Reach(), client_id="client-1",
                    keeper=town.users["lin"], actor=operator())

    assert first.pk == again.pk
    assert Message.objects.count() == 8


@pytest.mark.parametrize("wrong", [{"title_zh": " "}, {"text_zh": ""}, {"kind": "gossip"}, {"title_zh": "长" * 121},
                                   {"deadline_at": MORNING}, {"deadline_at": MORNING - timedelta(seconds=1)}])
def test_what_cannot_be_is_refused(town: Town, wrong: dict[str, Any]) -> None:
    with pytest.raises(NoticeMisshapen):
        a_notice(town, **wrong)

    assert not Notice.objects.exists()


@pytest.mark.pure
@given(st.lists(st.text("ab/", max_size=4)), st.lists(st.text("ab/", max_size=4)))
def test_what_is_left_of_a_reach_lies_within_both(chosen: list[str], held: list[str]) -> None:
    both = within_both(chosen, held)

    assert covers(held, both) and covers(chosen, both)
    assert all(not (one != other and one.startswith(other)) for one in both for other in both)


# read by a hand -------------------------------------------------------------------------------------------------------

def test_what_a_program_fetches_is_not_read(town: Town) -> None:
    notice = a_notice(town, reach=Reach(roles=("prevention_officer",), workers=False))
    client = signed_in(town, "fang")

    page = client.get(at(town, "notice", notice)).content.decode()
    client.head(at(town, "notice", notice))

    assert "Please do." in page
    assert pending(notice).count() == 1
    client.post(at(town, "messages-read"))                            # nor is what only stood in a list
    assert pending(notice).count() == 1
    client.post(at(town, "notice-open", notice))
    assert pending(notice).count() == 0
    assert recipients_of(notice).get().read_at == MORNING


def test_to_read_is_not_to_acknowledge_and_twice_is_once(town: Town) -> None:
    notice = a_notice(town, reach=Reach(roles=("prevention_officer",), workers=False), must_acknowledge=True)
    client, message = signed_in(town, "fang"), recipients_of(notice).get()

    client.post(at(town, "notice-open", notice))
    assert pending(notice).count() == 1
    client.post(at(town, "notice-acknowledge", notice))
    with clock.standing_at(MORNING + timedelta(hours=1)):
        client.post(at(town, "notice-acknowledge", notice))
        client.post(at(town, "notice-open", notice))

    message.refresh_from_db()
    assert (message.read_at, message.acknowledged_at) == (MORNING, MORNING)
    assert pending(notice).count() == 0


def test_what_asks_for_nothing_is_not_acknowledged(town: Town) -> None:
    notice = a_notice(town, reach=Reach(roles=("prevention_officer",), workers=False))

    with pytest.raises(NothingToAcknowledge):
        acknowledge(recipients_of(notice).get())

    assert recipients_of(notice).get().read_at is None


@pytest.mark.parametrize("who", ["bo", "zhou", "shu", "qin"])
def test_whoever_it_was_not_written_to_finds_nothing(town: Town, who: str) -> None:
    notice = a_notice(town, reach=Reach(roles=("prevention_officer",), workers=False))
    client = signed_in(town, who)

    assert {client.get(at(town, "notice", notice)).status_code, client.post(at(town, "notice-open", notice)).status_code,
            client.get(at(town, "notice-reach", notice)).status_code} <= {403, 404}
    assert client.get(reverse("notice", args=[town.park.uid, uuid4()])).status_code == client.get(
        at(town, "notice", notice)).status_code
    assert pending(notice).count() == 1


def test_whoever_opens_a_notice_has_read_what_reminded_him_of_it(town: Town) -> None:
    notice = a_notice(town, reach=Reach(roles=("prevention_officer",), workers=False))
    remind_rest(notice, remind_id="press-1", actor=operator())

    open_notice(recipients_of(notice).get())

    assert not Message.objects.filter(notice=notice, read_at=None).exists()


# who makes sure -------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("keeper", "may"), [("lin", True), ("tao", False), ("bo", False), ("kai", False), ("zhou", False)])
def test_whoever_makes_sure_reaches_everybody(town: Town, keeper: str, may: bool) -> None:
    if may:
        assert a_notice(town, keeper=keeper).keeper == town.users[keeper]
        return
    with pytest.raises(KeeperCannotSee):
        a_notice(town, keeper=keeper)
    assert not Notice.objects.exists()


def test_the_rest_is_reminded_and_pressed_twice_once(town: Town) -> None:
    notice = a_notice(town)
    open_notice(recipients_of(notice)[0])

    assert remind_rest(notice, remind_id="press-1", actor=actor_for(town.users["lin"])) == 7
    assert remind_rest(notice, remind_id="press-1", actor=actor_for(town.users["lin"])) == 0
    assert remind_rest(notice, remind_id="press-2", actor=actor_for(town.users["lin"])) == 7
    assert recipients_of(notice).count() == 8                         # a reminder is no notice
    with pytest.raises(NotAllowed):
        remind_rest(notice, remind_id="press-3", actor=actor_for(town.users["kai"]))


@pytest.mark.parametrize(("seconds", "told"), [(-1, 0), (0, 1), (1, 1)])
def test_the_keeper_is_told_once_when_the_deadline_is_over(town: Town, seconds: int, told: int) -> None:
    notice = a_notice(town, deadline_at=UNTIL)
    with clock.standing_at(UNTIL + timedelta(seconds=seconds)):
        assert remind_keepers() == told
        assert remind_keepers() == 0
        found = [each.text for each in matters(actor_for(town.users["lin"]), town.park, clock.now())]

    assert len(found) == told
    to_keeper = Message.objects.filter(to_user=town.users["lin"], kind=MessageKind.TASK)
    assert to_keeper.count() == told
    assert all(each.about == f"notice-reach:{notice.uid}" for each in to_keeper)


def test_nobody_is_told_of_a_notice_that_all_have_read(town: Town) -> None:
    notice = a_notice(town, deadline_at=UNTIL)
    for each in recipients_of(notice):
        open_notice(each)
    with clock.standing_at(UNTIL):
        assert remind_keepers() == 0
        assert list(matters(actor_for(town.users["lin"]), town.park, clock.now())) == []


def test_somebody_else_takes_it_over(town: Town) -> None:
    notice = a_notice(town, by="tao")
    hand_over_notice(notice, to=town.users["lin"], actor=actor_for(town.users["tao"]))
    with pytest.raises(KeeperCannotSee):
        hand_over_notice(notice, to=town.users["bo"], actor=actor_for(town.users["tao"]))

    notice.refresh_from_db()
    assert notice.keeper == town.users["lin"]


# its reach ------------------------------------------------------------------------------------------------------------

def test_each_step_on_the_way_is_counted_and_has_its_rows(town: Town, sms: Callable[..., Channel]) -> None:
    with a_gateway() as gateway:
        sms(gateway)
        notice = a_notice(town, must_acknowledge=True, reach=Reach(units=(str(town.firms["东风木业有限公司"].uid),)))
        send_due()
    Delivery.objects.filter(message__to_person=town.people["吴强"]).update(stage="delivered", delivered_at=MORNING)
    open_notice(recipients_of(notice).get(to_person=town.people["吴强"]))
    acknowledge(recipients_of(notice).get(to_person=town.people["孙丽"]))

    assert reach_of([notice])[notice.pk] == {"written": 3, "sent": 3, "delivered": 1, "read": 2, "acknowledged": 1, "open": 2}
    client = signed_in(town, "lin")
    for state, found in (("", 3), ("sent", 3), ("delivered", 1), ("read", 2), ("acknowledged", 1), ("open", 2)):
        assert len(client.get(at(town, "notice-reach", notice), {"state": state}).context["rows"]) == found
    assert [row["name"] for row in client.get(at(town, "notice-reach", notice), {"q": "孙"}).context["rows"]] == ["孙丽"]
    assert LookUp.objects.filter(reason="opened who has read a notice", person=town.people["吴强"]).exists()


def test_the_proof_is_a_workbook(town: Town) -> None:
    from jiugong.lib.sheets import read_workbook

    notice = a_notice(town)
    open_notice(recipients_of(notice).get(to_person=town.people["吴强"]))

    answer = signed_in(town, "lin").get(at(town, "notice-reach", notice), {"as": "xlsx"})

    rows = read_workbook(answer.content, name="x")[0].rows
    assert rows[0][0] == "Name" and len(rows) == 9
    assert next(row for row in rows if row[0] == "吴强")[6] == "2022-07-22 08:42"


def test_figures_of_notices_say_what_the_page_says(town: Town) -> None:
    from jiugong.journal.faces import notice_rows

    notice = a_notice(town, deadline_at=UNTIL)
    with clock.standing_at(UNTIL):
        row = notice_rows([notice], town.park, UNTIL)[0]

    assert (row["written"], row["open"], row["state"]) == (8, 8, "late")


def test_outside_a_notice_is_its_title_alone(town: Town, sms: Callable[..., Channel]) -> None:
    with a_gateway() as gateway:
        sms(gateway)
        a_notice(town, title_zh="关于13800000000同志的通知", text_zh="正文不出园区")
        send_due()

    assert len(gateway.taken) == 8
    assert all("正文不出园区" not in each["body"] and "13800000000" not in each["body"] for each in gateway.taken)


def test_a_user_reads_it_in_his_language(town: Town, robot: Callable[..., Channel], sms: Callable[..., Channel]) -> None:
    with a_gateway() as gateway:
        sms(gateway)
        keep_ways(town.users["fang"], mail="", phone="19911112222", language="en")
        a_notice(town, reach=Reach(roles=("prevention_officer",), workers=False))
        send_due()

    assert "Policy: On prevention" in gateway.taken[0]["body"]


# pages ----------------------------------------------------------------------------------------------------------------

def _form(town: Town, **more: Any) -> dict[str, Any]:
    return {"client_id": uuid4().hex, "kind": "policy", "title_zh": "通知", "text_zh": "正文", "workers": "on",
            "keeper": town.users["lin"].pk, **more}


def test_the_preview_counts_and_shows_who_gets_it_and_writes_nothing(town: Town) -> None:
    client = signed_in(town, "lin")

    page = client.post(at(town, "notice-preview"), _form(town, title_zh="", roles=["grid_leader"]))

    assert page.context["count"] == 10
    assert "10 people get it" in page.content.decode() and "吴强" in page.content.decode()
    assert not Message.objects.exists()
    assert "褚亮" not in signed_in(town, "tao").post(at(town, "notice-preview"), _form(town)).content.decode()


def test_a_notice_is_written_on_its_page(town: Town) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = signed_in(town, "lin")
    file = SimpleUploadedFile("方案.pdf", b"%PDF-1.7 x", content_type="text/html")

    answer = client.post(at(town, "notice-new"), _form(town, attachment=file, deadline_at="2022-07-22T18:00",
                                                       must_acknowledge="on"))

    notice = Notice.objects.get()
    assert answer.status_code == 302 and answer["Location"] == at(town, "notice-reach", notice)
    assert notice.deadline_at == datetime.fromisoformat("2022-07-22T18:00+08:00")
    got = client.get(at(town, "notice-file", notice))
    assert got.content == b"%PDF-1.7 x" and got["Content-Type"] == "application/pdf"
    assert "attachment" in got["Content-Disposition"] and "sandbox" in got["Content-Security-Policy"]


def test_what_is_refused_stays_in_the_form(town: Town) -> None:
    page = signed_in(town, "lin").post(at(town, "notice-new"), _form(town, keeper=town.users["tao"].pk, title_zh="写好的标题"))

    assert page.status_code == 422
    assert "写好的标题" in page.content.decode() and "does not reach everybody" in page.content.decode()
    assert not Notice.objects.exists()


def test_whom_a_notice_may_be_given_to_is_not_told_beyond_a_reach(town: Town) -> None:
    page = signed_in(town, "tao").get(at(town, "notice-new")).content.decode()

    assert "柏青" not in page and "西河门窗有限公司" not in page and "第2网格" not in page
    assert "陶磊" in page and "东风木业有限公司" in page


def test_for_me_a_notice_is_opened_by_a_press(town: Town) -> None:
    notice = a_notice(town, reach=Reach(roles=("prevention_officer",), workers=False))
    client = signed_in(town, "fang")

    page = client.get(at(town, "messages")).content.decode()
    answer = client.post(at(town, "notice-open", notice), follow=True).content.decode()

    assert "Policy: On prevention" in page and at(town, "notice-open", notice) in page
    assert "Please do." in answer


# attachments ----------------------------------------------------------------------------------------------------------

def a_docx(extra: str = "", told: bytes = b"x") -> bytes:
    from io import BytesIO
    from zipfile import ZipFile

    content = BytesIO()
    with ZipFile(content, "w") as packed:
        for name in filter(None, ("[Content_Types].xml", "word/document.xml", extra)):
            packed.writestr(name, told if name == extra else "x")
    return content.getvalue()


@pytest.mark.pure
@pytest.mark.parametrize(("content", "kind"), [
    (b"%PDF-1.4", "application/pdf"), (b"\x89PNG\r\n\x1a\n..", "image/png"), (b"\xff\xd8\xff\xe0", "image/jpeg"),
    (a_docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"), (a_docx("word/vbaProject.bin"), ""),
    (b"<html>", ""), (b"MZ", ""), (b"", ""), (b"PK\x03\x04", ""), (b"<svg onload=alert(1)>", ""),
    (b"%PDF-" + b"x" * (MOST_BYTES - 5), "application/pdf"), (b"%PDF-" + b"x" * (MOST_BYTES - 4), "")])
def test_an_attachment_is_told_by_what_is_in_it(content: bytes, kind: str) -> None:
    assert kind_of(content) == kind


@pytest.mark.pure
@pytest.mark.parametrize(("tie", "taken"), [
    ('Type="http://x/officeDocument/2006/relationships/hyperlink" Target="https://park.example" TargetMode="External"', True),
    ('Type="http://x/officeDocument/2006/relationships/image" Target="media/1.png"', True),
    ('Type="http://x/officeDocument/2006/relationships/image" Target="https://evil.example/1.png" TargetMode="External"', False),
    ('Type="http://x/relationships/attachedTemplate" Target="https://evil.example/t.dotm" TargetMode=\'External\'', False),
    ('Type="http://x/relationships/attachedTemplate" Target="https://evil.example/t.dotm" TargetMode="&#69;xternal"', False),
    ('Type="http://x/relationships/attachedTemplate" Target="https://evil.example/>t.dotm" TargetMode="External"', False),
    ('Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="pictures.bin"', False)])
def test_a_document_that_fetches_or_runs_something_when_it_is_opened_is_not_taken(tie: str, taken: bool) -> None:
    for ties in (f'<Relationships><Relationship Id="r1" {tie}/></Relationships>'.encode(),
                 f'<o:Relationships><o:Relationship\n Id="r1" {tie}></o:Relationship></o:Relationships>'.encode()):
        assert bool(kind_of(a_docx("word/_rels/settings.xml.rels", ties))) is taken
    in_other_signs = f"<Relationships><Relationship {tie}/></Relationships>".encode("utf-16")
    assert not kind_of(a_docx("word/_rels/settings.xml.rels", in_other_signs))


@pytest.mark.pure
@pytest.mark.parametrize(("name", "kept"), [("方案.PDF", "方案.pdf"), ("../../etc/passwd", "passwd.pdf"), ("a.exe", "a.exe.pdf"),
                                            ("", "attachment.pdf"), ("C:\\x\\y.pdf", "y.pdf"), ("a\r\nb.pdf", "ab.pdf")])
def test_a_name_is_one_that_any_device_keeps(name: str, kept: str) -> None:
    assert name_for(name, "application/pdf") == kept


def test_what_is_no_document_is_not_taken(town: Town) -> None:
    with pytest.raises(AttachmentNotTaken):
        a_notice(town, attachment=b"<script>", attachment_name="x.pdf")

    assert not Notice.objects.exists()


def test_an_attachment_stands_sealed(town: Town) -> None:
    notice = a_notice(town, attachment=b"%PDF-1.7 secret", attachment_name="x.pdf")

    assert b"secret" not in bytes(notice.attachment_sealed or b"")
    assert Notice.objects.get().attachment() == b"%PDF-1.7 secret"


def test_whoever_sends_and_reminds_reads_neither_text_nor_attachment(town: Town, sms: Callable[..., Channel]) -> None:
    with a_gateway() as gateway, CaptureQueriesContext(connection) as questions:
        sms(gateway)
        notice = a_notice(town, attachment=b"%PDF-1.7 " + b"x" * 1000, attachment_name="a.pdf")
        send_due()
        remind_rest(notice, remind_id="remind-1", actor=actor_for(town.users["lin"]))
        send_due()

    asked = [each["sql"] for each in questions if each["sql"].startswith("SELECT")
             and ("journal_message" in each["sql"] or "journal_delivery" in each["sql"])]
    assert len(gateway.taken) > 8
    assert [each for each in asked if "attachment_sealed" in each or "text_zh" in each] == []
