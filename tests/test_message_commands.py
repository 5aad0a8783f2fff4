"""Messages and notices from outside their room: at the command line, by programs, in a brief, on a worker's own page."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jiugong.briefs.figures import BY_KEY
from jiugong.briefs.rows.notices import TOLD
from jiugong.briefs.scope import scope_of
from jiugong.cli import main
from jiugong.journal.actions import Draft, write_messages
from jiugong.journal.actions.channels import open_channel
from jiugong.journal.actions.notices import Words, open_notice, send_notice
from jiugong.journal.logic.reach import Reach
from jiugong.journal.models import Delivery, MessageKind, Notice
from jiugong.journal.queries.notices import own_notice, recipients_of
from jiugong.journal.tests.conftest import SMS, TITLE
from jiugong.journal.tests.receivers import a_gateway, says
from jiugong.lib.acting import operator
from jiugong.registry.actions.badges import issue_link
from jiugong.registry.queries.badges import address_of
from tests.cast import DAY, Town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_morning")]


def test_the_command_sends_what_is_due_and_says_so(town: Town, settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    with a_gateway(says(403)) as gateway:
        settings.GATEWAYS = [gateway.url]
        open_channel(town.park, "sms", name="短信", kinds=("task",), settings={**SMS, "url": gateway.url}, actor=operator())
        write_messages(town.park, [Draft(once=name, kind=MessageKind.TASK, about="round:1", to_person=town.people[name],
                                         facts={"title": TITLE}) for name in ("吴强", "孙丽")], actor=operator())
        assert main(["messages", "send", "--once", "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == {"sent": 1, "waiting": 0, "uncertain": 0, "dead": 1, "no_address": 0,
                                                       "taken_up": 0}
        assert main(["messages", "list", "--park", town.park.name, "--json"]) == 1
        assert json.loads(capsys.readouterr().out)["to_decide"] == 1
        assert main(["messages", "again", "--park", town.park.name, "--json"]) == 0
        assert main(["messages", "send", "--once", "--json"]) == 0

    assert Counter(Delivery.objects.values_list("stage", flat=True)) == {"sent": 2}


def test_a_notice_is_sent_shown_and_reminded_of_at_the_command_line(town: Town, tmp_path: Path,
                                                                    capsys: pytest.CaptureFixture[str]) -> None:
    text = tmp_path / "notice.txt"
    text.write_text("请各企业落实。")
    words = ["notice", "send", "--park", town.park.name, "--kind", "policy", "--title", "通知", "--text", str(text),
             "--keeper", "lin", "--to", "东风木业有限公司", "--id", "notice-1", "--json"]

    assert main(words) == 0
    first = json.loads(capsys.readouterr().out)
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out)["uid"] == first["uid"]
    assert (first["written"], first["open"], first["keeper"]) == (3, 3, "林园")
    assert main(["notice", "remind", first["uid"], "--park", town.park.name, "--id", "press-1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"reminded": 3}
    assert main(["notice", "show", first["uid"], "--park", town.park.name, "--json"]) == 1
    assert {each["name"] for each in json.loads(capsys.readouterr().out)["people"]} == {"吴强", "孙丽", "郑伟"}
    assert main(["notice", "list", "--park", town.park.name, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["notices"]) == 1


@pytest.mark.parametrize(("keeper", "code"), [("nobody", "accounts.user_unknown"), ("bo", "journal.keeper_cannot_see")])
def test_a_notice_without_somebody_who_makes_sure_is_refused(town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                                             keeper: str, code: str) -> None:
    text = tmp_path / "notice.txt"
    text.write_text("正文")

    assert main(["notice", "send", "--park", town.park.name, "--kind", "policy", "--title", "通知", "--text", str(text), "--keeper",
                 keeper, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["refused"] == code
    assert not Notice.objects.exists()


def test_a_program_sends_a_notice_reads_it_and_decides(town: Town) -> None:
    lin, fang = Client(), Client()
    lin.force_login(town.users["lin"])
    fang.force_login(town.users["fang"])
    sent = {"client_id": "program-1", "kind": "situation", "title": "通报", "text": "正文", "workers": False,
            "roles": ["prevention_officer"], "must_acknowledge": True, "keeper": "lin", "deadline_at": "2022-07-22T18:00"}

    made, again = (lin.post("/api/v1/journal/notices", sent, content_type="application/json").json() for _time in range(2))
    address = f"/api/v1/journal/notices/{made['uid']}"
    confirmed = fang.post(f"{address}/acknowledge", {}, content_type="application/json").json()

    assert made["uid"] == again["uid"] and made["written"] == 1
    assert confirmed["acknowledged_at"]
    assert lin.get(address, {"state": "acknowledged"}).json()["people"][0]["name"] == "方敏"
    assert lin.get(address).json()["open"] == 0
    assert lin.post("/api/v1/journal/notices", {**sent, "client_id": "program-2", "deadline_at": "soon"},
                    content_type="application/json").json()["refused"] == "journal.notice_misshapen"
    assert Notice.objects.count() == 1


def test_the_figures_of_a_brief_count_what_the_page_counts(town: Town) -> None:
    notice = send_notice(town.park, Words(kind="policy", title_zh="通知", text_zh="正文"), Reach(), client_id="figures-1",
                         keeper=town.users["lin"], actor=operator())
    open_notice(recipients_of(notice).get(to_person=town.people["吴强"]))
    whole = scope_of(town.park, DAY, DAY)
    grid = replace(whole, reach=tuple(unit.path for name, unit in town.firms.items() if name.startswith("西河")), asked={})

    assert {name: BY_KEY[f"journal.{name}"].count(whole) for name in TOLD} == {
        "notices": 1, "notices_written": 8, "notices_sent": 0, "notices_delivered": 0, "notices_read": 1,
        "notices_acknowledged": 0, "notices_open": 7}
    assert BY_KEY["journal.notices_written"].count(grid) == 3
    for name in TOLD:
        assert len(list(BY_KEY[f"journal.{name}"].rows(whole))) == BY_KEY[f"journal.{name}"].count(whole)
    assert {row.facts["name"] for row in BY_KEY["journal.notices_open"].rows(grid)} == {"褚亮", "卫红", "蒋明"}


def test_a_worker_reads_and_confirms_on_his_own_page(town: Town) -> None:
    wu = town.people["吴强"]
    notice = send_notice(town.park, Words(kind="policy", title_zh="通知标题", text_zh="正文内容", must_acknowledge=True,
                                          attachment=b"%PDF-1.7", attachment_name="a.pdf"), Reach(), client_id="worker-1",
                         keeper=town.users["lin"], actor=operator())
    other = send_notice(town.park, Words(kind="policy", title_zh="别处", text_zh="与他无关"),
                        Reach(units=(str(town.firms["西河门窗有限公司"].uid),)), client_id="worker-2", keeper=town.users["lin"],
                        actor=operator())
    shown = address_of(issue_link(wu, days=7, actor=operator()))
    phone = Client()

    def of(name: str, which: Notice) -> str:
        return reverse(name, args=[shown, which.uid])


    assert "通知标题" in phone.get(reverse("me", args=[shown])).content.decode()
    assert "正文内容" in phone.get(of("me-notice", notice)).content.decode()
    phone.post(reverse("me-read", args=[shown]))
    message = own_notice(notice.uid, person=wu)
    assert message.read_at is None                                    # fetched, and listed, but not opened by his hand
    assert phone.get(of("me-notice-file", notice)).content == b"%PDF-1.7"
    phone.post(of("me-notice-open", notice))
    phone.post(of("me-notice-acknowledge", notice))
    message = own_notice(notice.uid, person=wu)
    assert (message.read_at is None, message.acknowledged_at is None) == (False, False)
    for name in ("me-notice", "me-notice-file"):
        assert phone.get(of(name, other)).status_code == 404
    assert phone.post(of("me-notice-open", other)).status_code == 404
