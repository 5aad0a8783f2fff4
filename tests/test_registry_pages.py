"""The registry's pages and operations: what each of the cast finds there, and that a no changes nothing.

Long because every sentence here is about the same few people.
"""

from datetime import date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jiugong.accounts.actions import create_token
from jiugong.journal.models import LookUp
from jiugong.lib.acting import operator
from jiugong.registry.actions.mappings import save_mapping
from jiugong.registry.logic.headings import KNOWN
from jiugong.registry.models import Charge, Mapping, Person, Posting, Upload
from jiugong.registry.tests.makers import a_firm, a_workbook, a_worker
from tests.cast import Town

PEOPLE, UNITS, BODIES, CHARGES, IMPORT = "people", "enterprises", "groups", "charges", "import"


@pytest.fixture(autouse=True)
def _morning(this_morning: datetime) -> None:
    """Everything happens at 08:42."""


def at(town: Town, rest: str) -> str:
    return f"/parks/{town.park.uid}/{rest}"


def as_(town: Town, name: str) -> Client:
    client = Client()
    client.force_login(town.users[name])
    return client


def file(content: bytes, name: str = "roster.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def good() -> bytes:
    return a_workbook([a_firm(8)], [a_worker(81, 8), a_worker(82, 8)])


def one_bad() -> bytes:
    return a_workbook([a_firm(8)], [a_worker(81, 8), a_worker(82, 8, id_number="12345")])


def size() -> tuple[int, int, int]:
    return Person.objects.count(), Posting.objects.count(), Charge.objects.count()


@pytest.mark.parametrize(("rest", "allowed"), [
    (PEOPLE, {"lin", "tao", "bo", "fang", "qin"}), (UNITS, {"lin", "tao", "bo", "fang", "qin", "zhou", "kai"}),
    (BODIES, {"lin", "tao", "bo", "fang", "qin", "zhou", "kai"}), (CHARGES, {"lin", "tao", "bo", "fang", "qin", "zhou", "kai"}),
    (IMPORT, {"lin"}), ("import/mapping", {"lin"}), ("roster/export", {"lin"})])
def test_who_opens_which_page(town: Town, other_town: Town, rest: str, allowed: set[str]) -> None:
    answers = {name: as_(town, name).get(at(town, rest)).status_code for name in town.users}

    assert {name for name, status in answers.items() if status == 200} == allowed
    assert {status for name, status in answers.items() if name not in allowed} <= {403}
    assert as_(other_town, "ines").get(at(town, rest)).status_code == 404


def test_a_grid_leader_lists_and_finds_the_people_of_his_grid_alone(town: Town) -> None:
    tao = as_(town, "tao")

    assert "吴强" in tao.get(at(town, PEOPLE)).content.decode()
    assert "褚亮" not in tao.get(at(town, PEOPLE)).content.decode()
    assert "褚亮" not in [row.person.name for _firm, rows in tao.get(at(town, PEOPLE), {"q": "褚亮"}).context["groups"]
                        for row in rows]
    assert tao.get(at(town, PEOPLE), {"enterprise": str(town.firms["西河门窗有限公司"].uid)}).status_code == 404


def test_the_list_of_people_answers_for_the_day_that_is_asked(town: Town) -> None:
    lin = as_(town, "lin")

    assert lin.get(at(town, PEOPLE), {"day": "2022-06-30"}).context["page"].paginator.count == 0
    assert lin.get(at(town, PEOPLE), {"day": "2022-07-01"}).context["page"].paginator.count == 8
    assert lin.get(at(town, PEOPLE), {"day": "nonsense"}).status_code == 200


def test_no_page_shows_a_number_in_full(town: Town) -> None:
    from jiugong.lib import secrets
    lin, wu = as_(town, "lin"), town.people["吴强"]

    for rest in (PEOPLE, CHARGES, BODIES, UNITS, PEOPLE + "?q=吴"):
        page = lin.get(at(town, rest)).content.decode()
        assert wu.open_id_number(secrets.ring()) not in page
        assert wu.open_phone(secrets.ring()) not in page


def test_a_number_is_shown_once_for_a_reason(town: Town) -> None:
    from jiugong.lib import secrets
    fang, wu = as_(town, "fang"), town.people["吴强"]
    number = wu.open_id_number(secrets.ring())

    silent = fang.post(at(town, "people/show-number"), {"person": str(wu.uid), "reason": ""})
    assert (silent.status_code, number in silent.content.decode(), LookUp.objects.count()) == (422, False, 0)
    shown = fang.post(at(town, "people/show-number"), {"person": str(wu.uid), "reason": "核对"})
    assert number in shown.content.decode()
    assert LookUp.objects.get().reason == "核对"
    fragment = fang.post(at(town, "people/show-number"), {"person": str(wu.uid), "reason": "核对"},
                         headers={"HX-Request": "true"}).content.decode()
    assert number in fragment
    assert "<html" not in fragment


def test_nobody_beyond_his_branch_shows_a_number(town: Town, other_town: Town) -> None:
    wu = town.people["吴强"]

    for client, where in ((as_(town, "bo"), town), (as_(town, "zhou"), town), (as_(town, "kai"), town),
                          (as_(other_town, "ines"), town), (as_(other_town, "ines"), other_town)):
        answer = client.post(at(where, "people/show-number"), {"person": str(wu.uid), "reason": "好奇"})
        assert answer.status_code == 404
    assert not LookUp.objects.exists()


def upload(town: Town, content: bytes) -> str:
    answer = as_(town, "lin").post(at(town, IMPORT), {"file": file(content)})
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def test_a_look_changes_nothing_and_a_yes_takes_exactly_that(town: Town) -> None:
    lin, before = as_(town, "lin"), size()

    preview = upload(town, good())
    page = lin.get(preview)
    assert (size(), page.context["taken"].created_people) == (before, 2)
    done = lin.post(preview, {"bad_rows": "refuse"})
    again = lin.post(preview, {"bad_rows": "refuse"})

    assert done.headers["Location"] == preview
    assert again.status_code == 200
    assert size()[1] == before[1] + 2
    assert lin.get(preview).context["told"]["people"] == 2
    assert lin.get(preview + "/report").status_code == 200
    lin.post(preview, {"answer": "discard"})
    assert not Upload.objects.exists()


def test_bad_rows_stand_first_and_nothing_is_taken_without_a_word(town: Town) -> None:
    lin, before, preview = as_(town, "lin"), size(), upload(town, one_bad())

    page = lin.get(preview)
    assert [error["code"] for error in page.context["first_errors"]] == ["id_number_length"]
    lin.post(preview, {"bad_rows": "refuse"})
    lin.post(preview, {})
    assert size() == before
    lin.post(preview, {"bad_rows": "report"})
    assert size()[1] == before[1] + 1
    assert lin.get(preview.replace("?", "/report?") if "?" in preview else preview + "/report").status_code == 200
    lin.post(preview, {"answer": "discard"})
    assert lin.get(preview).status_code == 404


def test_an_upload_is_seen_by_nobody_who_may_not_import(town: Town, other_town: Town) -> None:
    preview = upload(town, good())

    for client in (as_(town, "tao"), as_(town, "kai"), as_(other_town, "ines")):
        assert client.get(preview).status_code == 404
        assert client.post(preview, {"bad_rows": "report"}).status_code == 404
    other = preview.replace(str(town.park.uid), str(other_town.park.uid))
    assert as_(other_town, "ines").get(other).status_code == 404


def test_strange_headings_lead_to_the_mapping_and_back(town: Town) -> None:
    strange = {kind: {field: f"{kind}甲{field}" for field in fields} for kind, fields in KNOWN.items()}
    content = a_workbook([a_firm(8)], [a_worker(81, 8)], headings=strange, shuffled=True)
    lin, preview = as_(town, "lin"), upload(town, content)

    asked = lin.get(preview).headers["Location"]
    assert "import/mapping?upload=" in asked
    page = lin.get(asked)
    posted = {"name": "别家"}
    for table in page.context["tables"]:
        posted[f"kind{table.number}"] = table.kind
        posted |= {f"{table.number}.{line.field}": strange[table.kind][line.field] for line in table.lines
                   if strange[table.kind][line.field] in table.texts}
    back = lin.post(asked, posted).headers["Location"]

    assert Mapping.objects.get().name == "别家"
    assert lin.get(back).context["taken"].created_people == 1
    again = lin.get(at(town, "import/mapping"), {"name": "别家"})
    assert any(line.theirs for table in again.context["tables"] for line in table.lines)


def test_a_heading_is_said_once_and_a_file_that_has_them_all_is_read_with_it(town: Town) -> None:
    strange = {kind: {field: f"{kind}甲{field}" for field in fields} for kind, fields in KNOWN.items()}
    said = {kind: {strange[kind][field]: KNOWN[kind][field][0] for field in row}
            for kind, row in (("企业信息", a_firm(8)), ("人员台账", a_worker(81, 8)))}
    content = a_workbook([a_firm(8)], [a_worker(81, 8), a_worker(82, 8, phone="12")], headings=strange)
    save_mapping(town.park, "别家", said, actor=operator())
    save_mapping(town.park, "第三家", {"人员台账": {"没有这一列": "姓名"}}, actor=operator())
    lin = as_(town, "lin")

    preview = upload(town, content)
    shown = lin.get(preview).context
    lin.post(preview, {"bad_rows": "report"})

    assert (shown["mapping"], shown["taken"].created_people) == ("别家", 1)
    assert Upload.objects.get().mapping == "别家"
    assert lin.get(preview + "/report").status_code == 200
    assert lin.get(preview, {"mapping": ""}).context["told"]["people"] == 1


def test_what_is_no_workbook_is_refused_in_words(town: Town) -> None:
    answer = as_(town, "lin").get(upload(town, b"no workbook at all"))

    assert answer.status_code == 422
    assert "sheets.not_a_workbook" in answer.content.decode()


def test_an_export_asks_for_a_reason_and_comes_back_unchanged(town: Town) -> None:
    lin = as_(town, "lin")

    assert lin.post(at(town, "roster/export"), {"reason": ""}).status_code == 422
    assert not LookUp.objects.exists()
    content = lin.post(at(town, "roster/export"), {"reason": "备份"}).content
    assert LookUp.objects.exists()
    assert lin.get(upload(town, content)).context["nothing"] is True


def test_somebody_is_put_in_charge_and_relieved(town: Town) -> None:
    lin, firm = as_(town, "lin"), town.firms["东风木业有限公司"]
    asked = {"who-text": "吴强", "role": "sampler", "over": f"unit:{firm.uid}", "since": "2022-07-22"}

    assert lin.post(at(town, CHARGES), asked).status_code == 302
    charge = Charge.objects.get(person=town.people["吴强"])
    assert (charge.unit, charge.since) == (firm, date(2022, 7, 22))
    assert as_(town, "tao").post(at(town, f"charges/{charge.pk}/end"), {"on": "2022-07-23"}).status_code == 403
    assert lin.post(at(town, f"charges/{charge.pk}/end"), {"on": "2022-07-21"}).status_code == 422
    assert lin.post(at(town, f"charges/{charge.pk}/end"), {"on": "2022-07-23"}).status_code == 302
    charge.refresh_from_db()
    assert charge.until == date(2022, 7, 23)


def test_where_several_or_nobody_are_meant_nobody_is_put_in_charge(town: Town) -> None:
    lin, before = as_(town, "lin"), Charge.objects.count()
    asked = {"role": "sampler", "over": f"unit:{town.firms['东风木业有限公司'].uid}", "since": "2022-07-22"}
    town.people["孙丽"].name = "吴强强"
    town.people["孙丽"].save()

    several = lin.post(at(town, CHARGES), asked | {"who-text": "强"})
    nobody = lin.post(at(town, CHARGES), asked | {"who-text": "无名"})
    assert (several.status_code, len(several.context["form"].fields["who"].several), nobody.status_code) == (422, 2, 422)
    assert as_(town, "tao").post(at(town, CHARGES), asked | {"who-text": "吴强"}).status_code == 403
    assert Charge.objects.count() == before
    lin.post(at(town, CHARGES), asked | {"who-text": "强", "who": str(town.people["吴强"].uid)})
    assert Charge.objects.count() == before + 1


def test_the_enterprises_are_narrowed_and_say_who_answers(town: Town) -> None:
    lin = as_(town, "lin")

    assert len(lin.get(at(town, UNITS)).context["rows"]) == 3
    bare = lin.get(at(town, UNITS), {"answers": "nobody"}).context["rows"]
    assert {row.unit.name for row in bare} == {"南山家居有限公司", "西河门窗有限公司"}
    found = lin.get(at(town, UNITS), {"q": "东风"}).context["rows"]
    assert [(row.unit.name, row.people) for row in found] == [("东风木业有限公司", 3)]


@pytest.mark.parametrize("rest", [PEOPLE, UNITS, CHARGES, BODIES, PEOPLE + "?q=工"])
def test_the_number_of_queries_is_the_same_for_few_and_for_many(town: Town, django_assert_num_queries, rest) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from jiugong.registry.tests.makers import a_charge, take
    lin = as_(town, "lin")
    take(town.park, a_workbook([a_firm(6)], [a_worker(61, 6)], [a_charge("责1", "防疫专员", a_firm(6)["name"], 1)]),
         at="2022-07-02")
    lin.get(at(town, rest))
    with CaptureQueriesContext(connection, ) as few:
        lin.get(at(town, rest))
    take(town.park, a_workbook([a_firm(firm) for firm in range(10, 22)],
                               [a_worker(100 + serial, 10 + serial % 12, team=f"{serial}班") for serial in range(40)],
                               [a_charge(f"责{firm}", "防疫专员", a_firm(firm)["name"], firm) for firm in range(10, 22)]),
         at="2022-07-02")

    with CaptureQueriesContext(connection) as many:
        lin.get(at(town, rest))
    assert len(many) == len(few), [q["sql"][:120] for q in many.captured_queries]


# programs -----------------------------------------------------------------------------------------------------------

@pytest.fixture
def token(town: Town) -> dict[str, str]:
    text = create_token(town.users["lin"], name="t", park=town.park, actor=operator())
    return {"Authorization": f"Bearer {text}"}


def test_an_api_import_answers_as_the_command_line(town: Town, client: Client, token: dict[str, str]) -> None:
    before = size()
    url = "/api/v1/registry/rosters"

    refused = client.post(url, {"file": file(one_bad()), "park": town.park.name}, headers=token)
    assert (refused.status_code, refused.json()["refused"], refused.json()["created"]) == (
        422, 1, {"people": 0, "enterprises": 0})
    dry = client.post(url, {"file": file(one_bad()), "park": str(town.park.uid), "bad_rows": "report",
                            "dry_run": "true"}, headers=token)
    assert (dry.status_code, dry.json()["created"], size()) == (200, {"people": 1, "enterprises": 1}, before)
    took = client.post(url, {"file": file(good()), "park": town.park.name, "at": "2022-07-02"}, headers=token)
    assert (took.status_code, took.json()["created"]["people"], took.json()["errors"]) == (200, 2, [])
    again = client.post(url, {"file": file(good()), "park": town.park.name}, headers=token).json()
    assert (again["changed"], again["unchanged"], again["left"]) == (0, 2, 0)
    assert client.post(url, {"file": file(good()), "park": "别园"}, headers=token).status_code == 404
    assert client.post(url, {"park": town.park.name}, headers=token).status_code == 422


def test_who_may_not_import_learns_nothing_by_api(town: Town, client: Client) -> None:
    text = create_token(town.users["tao"], name="t", park=town.park, actor=operator())
    before = size()

    answer = client.post("/api/v1/registry/rosters", {"file": file(one_bad()), "park": town.park.name},
                         headers={"Authorization": f"Bearer {text}"})

    assert (answer.status_code, answer.json()["refused"], size()) == (403, "accounts.not_allowed", before)


def test_people_by_api_are_masked_and_know_who_answers(town: Town, other_town: Town, client: Client,
                                                       token: dict[str, str]) -> None:
    found = client.get("/api/v1/registry/people", {"q": "吴强"}, headers=token).json()
    assert found["count"] == 1
    assert "*" in found["people"][0]["id_number"]
    uid = found["people"][0]["uid"]
    chain = client.get(f"/api/v1/registry/people/{uid}/answering", headers=token).json()["answering"]
    assert [each["name"] for each in chain][0] in ("方敏", "舒航")
    assert chain[-1]["name"] in ("林园", "周全")
    assert client.get(f"/api/v1/registry/people/{other_town.people['伊某'].uid}/answering",
                      headers=token).status_code == 404
    assert client.get("/api/v1/registry/people", {"park": other_town.park.name}, headers=token).status_code == 404
    assert client.get("/api/v1/registry/people", {"day": "2022-06-30"}, headers=token).json()["count"] == 0
