"""Briefs: numbered park by park and year by year, kept as they were, and shown so that every number opens."""

import re
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jiugong.briefs.errors import BriefIdReused, BriefOfDaysToCome, LanguageUnknown
from jiugong.briefs.logic import fingerprint
from jiugong.briefs.models import Brief
from jiugong.briefs.papers.content import published
from jiugong.briefs.queries import brief, scope_for
from jiugong.briefs.remembering import brief_of_today
from jiugong.briefs.tests.makers import a_draft, a_published_brief
from jiugong.briefs.wording import KEYS, numbered
from jiugong.journal.models import Entry
from jiugong.lib import clock
from jiugong.lib.acting import NotAllowed, operator
from jiugong.rulebook.actions.supplements import heading_of, supplement
from jiugong.rulebook.queries import release_called
from jiugong.screening.actions.scans import Scan, bind
from tests.cast import DAY, MORNING, Town, an_id

pytestmark = pytest.mark.django_db


# numbers --------------------------------------------------------------------------------------------------------------

def test_numbers_run_on_park_by_park(busy: Town, other_town: Town) -> None:
    ours = [a_published_brief(busy, f"ours-{at}", last=DAY - timedelta(days=at), first=DAY - timedelta(days=at)) for at in range(3)]
    theirs = a_published_brief(other_town, "ours-0", who="ines")

    assert [(each.year, each.number) for each in ours] == [(2022, 1), (2022, 2), (2022, 3)]
    assert (theirs.year, theirs.number) == (2022, 1)


def test_a_new_year_begins_with_number_one_at_the_parks_midnight(town: Town) -> None:
    with clock.standing_at(datetime(2022, 12, 31, 15, 59, 59, tzinfo=UTC)):            # 23:59:59 in the park
        last_of_the_year = a_published_brief(town, "a", first=date(2022, 12, 31), last=date(2022, 12, 31))
    with clock.standing_at(datetime(2022, 12, 31, 16, 0, tzinfo=UTC)):                 # midnight
        first_of_the_year = a_published_brief(town, "b", first=date(2022, 12, 31), last=date(2022, 12, 31))

    assert (last_of_the_year.year, last_of_the_year.number) == (2022, 1)
    assert (first_of_the_year.year, first_of_the_year.number) == (2023, 1)
    assert first_of_the_year.corrects == last_of_the_year


def test_published_twice_is_a_correction_and_sent_twice_is_once(busy: Town) -> None:
    first = a_published_brief(busy, "one")
    again = a_published_brief(busy, "one")
    second = a_published_brief(busy, "two")
    other_days = a_published_brief(busy, "three", first=DAY - timedelta(days=1))

    assert again == first
    assert (second.number, second.corrects) == (2, first)
    assert (other_days.number, other_days.corrects) == (3, None)
    assert "更正〔2022〕第1号" in published(second, "zh-hans").number
    assert published(second, "en").number == "No. 2 of 2022 (corrects No. 1 of 2022)"
    assert Entry.objects.filter(park=busy.park, verb="brief.published").count() == 3


@pytest.mark.parametrize(("words", "refusal"), [
    ({"last": DAY + timedelta(days=1)}, BriefOfDaysToCome), ({"language": "fr"}, LanguageUnknown), ({"who": "tao"}, NotAllowed)])
def test_what_cannot_be_published_is_refused_and_nothing_is_kept(busy: Town, words: dict, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        a_published_brief(busy, "x", **words)

    assert not Brief.objects.exists()


def test_an_id_that_published_other_days_is_refused(busy: Town) -> None:
    a_published_brief(busy, "one")

    with pytest.raises(BriefIdReused):
        a_published_brief(busy, "one", first=DAY - timedelta(days=1))

    assert Brief.objects.count() == 1


def test_a_brief_stays_as_it_was_published(busy: Town) -> None:
    kept = a_published_brief(busy, "one")
    paper = published(kept, "zh-hans")
    bind(busy.park, [Scan(scan_id="late", round=1, tube="SY0003", point="门口", id_number=an_id(3))], actor=operator())

    kept.refresh_from_db()
    content = {"park": busy.park.name, "year": kept.year, "number": kept.number, "first": kept.first, "last": kept.last,
               "figures": kept.figures, "before": kept.before, "texts": kept.texts, "corrects": ""}

    assert published(kept, "zh-hans").document == paper.document
    assert kept.figures["screening.sampled"] == 2
    assert brief(scope_for(operator(), busy.park, DAY, DAY), KEYS).figures["screening.sampled"] == 3
    assert kept.fingerprint == fingerprint(content) == paper.fingerprint


# rules ----------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("value", "day", "stands"), [
    ("4", DAY, True), ("4", DAY + timedelta(days=1), False), ("1", DAY, False)])
def test_a_stricter_local_rule_stands_in_the_brief_beside_the_national_one(busy: Town, value: str, day: date,
                                                                          stands: bool) -> None:
    rule = release_called("cn-2022-v9").rules["contacts.lookback_days"]
    supplement(busy.park, "contacts.lookback_days", rule=heading_of(rule), value=value, title="区通告", issuer="区指挥部",
               published="2022-07-20", since=day, actor=operator())

    paper = a_draft(busy, "zh-hans")
    rules = next(part for part in paper.document["parts"] if part["key"] == "rules")
    rows = [[text for text, _key in row] for row in rules["table"]["rows"]] if rules["table"] else []

    assert paper.figures["rulebook.stricter"] == len(rows) == int(stands)
    assert not stands or ("2" in rows[0][1] and "4" in rows[0][2] and "区通告" in rows[0][3])
    told = "".join(paper.clause(1, clause) for part in paper.document["parts"] for clause in part["clauses"])
    assert ("层层加码" in told) == stands


# the page -------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("language", "heading"), [("zh-hans", "一、总体情况"), ("en", "1. Overview")])
def test_every_number_on_the_page_opens_to_its_rows(busy: Town, language: str, heading: str) -> None:
    client = Client()
    client.force_login(busy.users["lin"])

    page = client.get(reverse("brief", args=[busy.park.uid]) + f"?language={language}").content.decode()
    paper = a_draft(busy, language)

    assert heading in page
    for part in paper.document["parts"]:
        for each in part["figures"]:
            assert reverse("figure", args=[busy.park.uid, each["key"]]) in page
    for at, clause in enumerate(paper.document["parts"][0]["clauses"], start=1):
        plain = re.sub(r"<[^>]+>", "", page)
        assert numbered(at, language).strip() in plain
        assert paper.clause(at, clause).split(" ")[0][:12] in plain


def test_publishing_on_the_page_leads_to_the_published_brief(busy: Town) -> None:
    client = Client()
    client.force_login(busy.users["lin"])
    words = {"client_id": "page-1", "first": str(DAY), "last": str(DAY), "language": "zh-hans"}

    first = client.post(reverse("brief-publish", args=[busy.park.uid]), words)
    again = client.post(reverse("brief-publish", args=[busy.park.uid]), words)
    kept = Brief.objects.get()

    assert first.headers["Location"] == again.headers["Location"] == reverse("published-brief", args=[busy.park.uid, kept.uid])
    page = client.get(first.headers["Location"] + "?language=zh-hans").content.decode()
    assert "〔2022〕第1号" in page and kept.fingerprint in page
    assert "〔2022〕第1号" in client.get(reverse("published-briefs", args=[busy.park.uid]) + "?language=zh-hans").content.decode()
    assert client.post(reverse("brief-publish", args=[busy.park.uid]), words | {"first": "soon"}).status_code == 302
    assert Brief.objects.count() == 1


def test_yesterday_is_counted_again_as_soon_as_anything_is_written(busy: Town) -> None:
    def yesterday() -> int:
        with clock.standing_at(MORNING + timedelta(days=1)):
            scope = scope_for(operator(), busy.park, DAY + timedelta(days=1), DAY + timedelta(days=1))
            return brief_of_today(scope, KEYS).before["screening.person_tests"]

    before = yesterday(), yesterday()
    bind(busy.park, [Scan(scan_id="late", round=1, tube="SY0003", point="门口", id_number=an_id(3), sampled_at=MORNING)],
         actor=operator())

    assert (*before, yesterday()) == (3, 3, 4)


def test_the_list_of_briefs_costs_the_same_for_one_and_for_twenty_one(busy: Town) -> None:
    client = Client()
    client.force_login(busy.users["lin"])
    address = reverse("published-briefs", args=[busy.park.uid])

    def cost() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    first = a_published_brief(busy, "one")
    one = cost()
    a_published_brief(busy, "two")
    Brief.objects.bulk_create(                                   # to make the figures of each would take ten seconds
        Brief(**{**{field.attname: getattr(first, field.attname) for field in Brief._meta.concrete_fields},
                 "id": None, "uid": uuid.uuid4(), "client_id": f"more-{at}", "number": 10 + at, "corrects_id": first.pk})
        for at in range(19))

    assert cost() - one <= 1                                     # the one that a brief corrects, for all of them at once


def test_a_program_publishes_reads_and_downloads(busy: Town) -> None:
    client = Client()
    client.force_login(busy.users["lin"])
    body = {"park": busy.park.name, "first": str(DAY), "last": str(DAY), "client_id": "api-1", "language": "en"}

    told = client.post("/api/v1/briefs/briefs", body, content_type="application/json").json()
    again = client.post("/api/v1/briefs/briefs", body, content_type="application/json").json()
    other = client.post("/api/v1/briefs/briefs", body | {"first": str(DAY - timedelta(days=1))}, content_type="application/json")
    one = client.get(f"/api/v1/briefs/briefs/{told['uid']}", {"park": busy.park.name}).json()
    paper = client.get(f"/api/v1/briefs/briefs/{told['uid']}/papers/pdf", {"park": busy.park.name})

    assert told == again and told["number"] == 1
    assert (other.status_code, other.json()["refused"]) == (409, "briefs.client_id_reused")
    assert one["figures"]["screening.sampled"] == 2 and set(one["texts"]) == {"zh-hans", "en"}
    assert paper.content.startswith(b"%PDF")
    assert client.get("/api/v1/briefs/briefs", {"park": busy.park.name}).json()["count"] == 1
