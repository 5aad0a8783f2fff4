"""The door table: every address × every member of the cast × what they get. The table is the access policy.

In Lin's park: *lin* the duty officer, *tao* and *bo* the leaders of grid 1 and grid 2, *fang* the prevention officer of
an enterprise in grid 1, *qin* the leader of a team in it, *zhou* a leader, *shu* a scanner, *yan* the laboratory, *kai*
the auditor, *yi* a courier. *ines* runs another park. Whoever is not named in a row is refused: 403 inside the park (404 where the
address names a thing: hidden and absent look the same), 404 for Ines, the sign-in page for nobody.

Long because the table is one page: whoever asks who may do what reads it from top to bottom.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from http.cookies import SimpleCookie
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from jiugong.accounts.actions import create_user
from jiugong.accounts.actions.shifts import plan_shift
from jiugong.accounts.models import Membership, User
from jiugong.accounts.roles import AccountRole
from jiugong.api import api
from jiugong.briefs.actions import publish
from jiugong.closing.actions import close_day
from jiugong.closing.models import Count
from jiugong.duties.actions import excuse, record
from jiugong.journal.actions.channels import open_channel
from jiugong.journal.actions.notices import Words, send_notice
from jiugong.journal.logic.reach import Reach
from jiugong.journal.models import Delivery, Entry
from jiugong.lasting.actions.objecting import object_to
from jiugong.lasting.models import Erasure
from jiugong.lib.acting import operator
from jiugong.registry.actions.badges import issue_badges
from jiugong.registry.actions.uploads import keep_upload
from jiugong.registry.models import BodyMember, Charge, Unit
from jiugong.registry.queries.uploads import UploadKind
from jiugong.rulebook.actions.deciding import zone
from jiugong.rulebook.actions.plans import draft_plan
from jiugong.rulebook.actions.supplements import supplement
from jiugong.rulebook.words import AreaLevel, Regime
from jiugong.screening.actions.boxes import Put, open_box, put_tubes, seal_box
from jiugong.screening.actions.custody import hand_over
from jiugong.screening.actions.laboratories import Terms, contract, keep_laboratory, tie_account
from jiugong.screening.actions.points import set_up_point
from jiugong.screening.actions.results import Report, report
from jiugong.screening.actions.retests import record_retest
from jiugong.screening.actions.staff import assign
from jiugong.screening.actions.tube_sheets import run_sheets
from jiugong.screening.models import Box, Point
from jiugong.screening.words import PointKind, StaffRole
from jiugong.tracing.actions.contacts import add_contact
from jiugong.tracing.actions.flagged import import_flagged, read_flagged_file
from jiugong.tracing.actions.interviews import Track, tell_track
from jiugong.tracing.actions.presence_rows import Row, record_rows
from jiugong.tracing.actions.pseudonyms import numbered, pseudonym_of
from jiugong.tracing.actions.stays import tell_stay
from jiugong.tracing.actions.venues import name_spot
from jiugong.tracing.models import Case, Drill, Flagged, Incident, Order, Pseudonym
from jiugong.tracing.queries.doubts import doubts_of
from jiugong.tracing.words import ContactClass, SpotKind
from tests.cast import MORNING, Town, an_id
from tests.groundwork import Groundwork

EVERYBODY = "lin tao bo fang qin zhou shu yan kai yi"
BOARD = "lin tao bo fang qin zhou kai"
PEOPLE = "lin tao bo fang qin"
BIND = "lin tao bo fang shu"
OFFICE = "lin"
KEEP = "lin fang"
NOTICES = "lin tao bo fang"
INCIDENTS = "lin tao bo fang zhou"
NO_ONE = ""                                                     # of one park: what holds in all parks is for who reaches all
TUBE = "lin tao fang zhou"                   # who sees the incident of the tube with Wu and Sun in it


@dataclass(frozen=True)
class Door:
    """One address: who gets in, with which method and which words."""

    name: str
    who: str
    method: str = "get"
    at: dict[str, Any] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.name} {sorted(self.at)}"


PAGES = [
    Door("today", BOARD), Door("wall", BOARD), Door("no-grid", BOARD), Door("names", PEOPLE),
    Door("grid", "lin tao zhou kai", at={"grid": "grid1"}),
    Door("unit", "lin tao fang zhou kai", at={"unit": "firm1"}),
    Door("names-excuse", "lin tao bo fang", "post"), Door("names-remind", PEOPLE, "post", body={"of": "round:1"}),
    Door("things", BOARD), Door("messages", EVERYBODY), Door("messages-read", EVERYBODY, "post"),
    Door("figure", BOARD, at={"key": "screening.rounds"}), Door("brief", "lin zhou"),
    Door("brief-publish", "lin zhou", "post"), Door("brief-paper", "lin zhou", at={"kind": "docx"}),
    Door("figure-paper", BOARD, at={"key": "screening.rounds"}), Door("published-briefs", "lin zhou kai"),
    Door("published-brief", "lin zhou kai", at={"brief": "brief"}),
    Door("published-paper", "lin zhou kai", at={"brief": "brief", "kind": "docx"}),
    Door("filings", BOARD), Door("filing", "lin zhou kai", at={"body": "body"}),
    Door("filing", OFFICE, "post", at={"body": "body"}), Door("remit", OFFICE, at={"body": "body"}),
    Door("remit", OFFICE, "post", at={"body": "body"}),
    Door("meeting", "lin zhou kai"), Door("meeting-paper", "lin zhou kai", at={"kind": "xlsx"}),
    Door("closed-days", "lin zhou kai"), Door("verify-days", "lin zhou kai", "post"),
    Door("closed-day", "lin zhou kai", at={"day": "2022-07-21"}), Door("closed-day", OFFICE, "post", at={"day": "2022-07-21"}),
    Door("day-misses", PEOPLE, at={"day": "2022-07-21", "count": "day_count"}),
    Door("score", BOARD), Door("score-paper", BOARD), Door("score-of", "lin tao fang zhou kai", at={"unit": "firm1"}),
    Door("imports", OFFICE), Door("imports", OFFICE, "post"), Door("mapping", OFFICE), Door("mapping", OFFICE, "post"),
    Door("import-preview", OFFICE, at={"upload": "upload"}), Door("import-preview", OFFICE, "post", at={"upload": "upload"}),
    Door("import-report", OFFICE, at={"upload": "upload"}),
    Door("roster-export", OFFICE), Door("roster-export", OFFICE, "post"),
    Door("people", PEOPLE), Door("person", "lin tao fang qin", at={"person": "wu"}),
    Door("person-excuse", "lin tao fang", "post", at={"person": "wu"}),
    Door("excuse-withdraw", "lin tao fang", "post", at={"excuse": "excuse"}),
    Door("team-entries", "lin tao bo fang qin"), Door("team-entry", "lin tao fang qin", at={"team": "team1"}),
    Door("team-entry", "lin tao fang qin", "post", at={"team": "team1"}),
    Door("show-number", "lin tao fang", "post", body={"person": "wu", "reason": "test"}),
    Door("badges", "lin tao bo fang"), Door("badge-sheets", "lin tao fang", "post", body={"unit": "firm1"}),
    Door("badge-withdraw", "lin tao fang", "post", at={"badge": "badge"}),
    Door("badge-reissue", "lin tao fang", "post", at={"person": "wu"}, body={"reason": "lost"}),
    Door("person-link", "lin tao fang", at={"person": "wu"}), Door("person-link", "lin tao fang", "post", at={"person": "wu"}),
    Door("map", BOARD), Door("map", OFFICE, "post"), Door("map-geojson", BOARD),
    Door("map-clear", OFFICE, "post", at={"place": "grid1"}),
    Door("units", BOARD), Door("bodies", BOARD), Door("charges", BOARD), Door("charges", KEEP, "post"),
    Door("charge-end", KEEP, at={"charge": "charge"}), Door("charge-end", KEEP, "post", at={"charge": "charge"}),
    Door("person-add", KEEP), Door("person-add", KEEP, "post"),
    Door("person-record", "lin tao fang qin", at={"person": "wu"}),
    *(Door(name, KEEP, method, at={"person": "wu"}) for name in ("person-change", "person-move", "person-leave")
      for method in ("get", "post")),
    Door("unit-page", "lin tao fang zhou kai", at={"unit": "firm1"}),
    Door("unit-add", OFFICE), Door("unit-add", OFFICE, "post"),
    Door("unit-part-add", KEEP, at={"unit": "firm1"}), Door("unit-part-add", KEEP, "post", at={"unit": "firm1"}),
    *(Door(name, OFFICE, method, at={"unit": "firm1"}) for name in ("unit-change", "unit-end") for method in ("get", "post")),
    Door("choose-units", BOARD), Door("choose-things", KEEP), Door("choose-people", PEOPLE),
    Door("body-add", OFFICE), Door("body-add", OFFICE, "post"),
    *(Door(name, OFFICE, method, at={"body": "body"}) for name in ("body-change", "body-end", "body-seat")
      for method in ("get", "post")),
    Door("seat-end", OFFICE, at={"seat": "seat"}), Door("seat-end", OFFICE, "post", at={"seat": "seat"}),
    Door("mapping-delete", OFFICE, "post"),
    Door("rounds", BOARD + " shu"), Door("round", BOARD + " shu", at={"number": 1}),
    Door("round-figures", BOARD + " shu", at={"number": 1}), Door("round-withdraw", OFFICE, "post", at={"number": 1}),
    Door("round-missing", PEOPLE, at={"number": 1}),
    Door("points", BOARD + " shu"), Door("points", OFFICE, "post"),
    Door("point", BOARD + " shu", at={"point": "point"}), Door("point-officers", BOARD), Door("flagged-scans", PEOPLE),
    *(Door(name, OFFICE, method, at={"point": "point"}) for name in ("point-change", "staff-add") for method in ("get", "post")),
    Door("staff-add", KEEP, at={"point": "point1"}), Door("staff-end", KEEP, at={"staff": "staff"}),
    Door("staff-end", KEEP, "post", at={"staff": "staff"}),
    Door("point-import", OFFICE), Door("point-import", OFFICE, "post"),
    Door("pool-advice", BOARD), Door("points-advice", BOARD),
    Door("laboratories", BOARD), Door("laboratories", OFFICE, "post"), Door("turn-round", BOARD),
    Door("laboratory", BOARD, at={"laboratory": "laboratory"}),
    *(Door(name, OFFICE, method, at={"laboratory": "laboratory"}) for method in ("get", "post")
      for name in ("laboratory-change", "laboratory-end", "contract-add")),
    Door("laboratory-tie", OFFICE, "post", at={"laboratory": "laboratory"}),
    Door("laboratory-untie", OFFICE, "post", at={"laboratory": "laboratory", "account": "account"}),
    Door("contract-end", OFFICE, at={"contract": "contract"}), Door("contract-end", OFFICE, "post", at={"contract": "contract"}),
    Door("round-open", OFFICE), Door("round-open", OFFICE, "post"),
    Door("tube", "lin tao fang qin shu", at={"code": "SY0001"}),
    Door("tube", "lin tao shu", "post", at={"code": "SY0001"}),
    Door("scan", BIND), Door("scan-import", OFFICE), Door("scan-import", OFFICE, "post"),
    Door("venues", KEEP), Door("venues", KEEP, "post"), Door("choose-places", KEEP), Door("venue-spot", KEEP, at={"spot": "spot"}),
    *(Door(name, KEEP, "post", at={"spot": "spot"}) for name in ("venue-issue", "venue-withdraw", "venue-put")),
    Door("venue-sheet", KEEP, at={"spot": "spot"}),
    Door("person-days", OFFICE, at={"person": "wu"}), Door("person-days", OFFICE, "post", at={"person": "wu"}),
    Door("contact-grounds", BOARD), *(Door("adopt-ground", OFFICE, method, at={"name": "lift"}) for method in ("get", "post")),
    Door("doubts", PEOPLE), Door("doubt-settle", OFFICE, "post", body={"kind": "unknown", "about": "doubt", "reason": "test"}),
    Door("presence-import", OFFICE), Door("presence-import", OFFICE, "post"),
    *(Door("presence-preview", OFFICE, method, at={"upload": "presence"}) for method in ("get", "post")),
    Door("presence-marked", OFFICE, at={"upload": "presence"}),
    Door("result-import", "lin yan"), Door("result-import", "lin yan", "post"),
    Door("tube-sheets", BIND), Door("tube-sheets", BIND, "post"), Door("tube-sheets-again", "lin tao shu", at={"run": "run"}),
    Door("paper-entry", BIND), Door("paper-entry", BIND, "post"),
    Door("conflicts", BOARD + " shu"), Door("conflict-keep", OFFICE, "post"), Door("conflict-strike", OFFICE, "post"),
    Door("drills", OFFICE), Door("drill-begin", OFFICE, "post", body={"title": "x"}), Door("drill", OFFICE, at={"drill": "drill"}),
    *(Door(f"drill-{verb}", OFFICE, "post", at={"drill": "drill"}) for verb in ("reveal", "end")),
    Door("flagged", INCIDENTS), Door("flagged-import", OFFICE), Door("flagged-import", OFFICE, "post"),
    Door("flagged-return", OFFICE, "post", body={"reason": "x"}),
    Door("flagged-one", "lin tao fang zhou", at={"number": "flagged"}),
    *(Door(f"flagged-{verb}", OFFICE, "post", at={"number": "flagged"}) for verb in ("confirm", "refuse")),
    *(Door(f"flagged-{verb}", "lin tao fang", "post", at={"number": "flagged"}, body={"deed": "tested"})
      for verb in ("found", "act")),
    Door("returning", INCIDENTS), Door("stay-import", OFFICE), Door("stay-import", OFFICE, "post"),
    Door("returning-one", "lin tao fang zhou", at={"person": "wu"}), Door("stay-tell", "lin tao fang", "post", at={"person": "wu"}),
    Door("returning-decide", "lin tao fang", "post", at={"person": "wu"}, body={"reason": "x"}),
    Door("stay-withdraw", "lin tao fang", "post", at={"stay": "stay"}),
    Door("quiet", INCIDENTS), Door("quiet-arrivals", OFFICE), Door("quiet-arrivals", OFFICE, "post"),
    Door("quiet-decide", "lin zhou", "post"), Door("quiet-check", "lin tao fang", "post", at={"number": "quiet"}),
    Door("risk-areas", INCIDENTS), Door("risk-area-import", NO_ONE), Door("risk-area-import", NO_ONE, "post"),
    Door("boxes", EVERYBODY), Door("boxes", BIND, "post"),
    Door("box-find", "lin tao zhou kai shu", body={"code": "X01"}),
    Door("box", "lin tao zhou kai shu", at={"box": "box"}), Door("box-paper", "lin tao zhou kai shu", at={"box": "box"}),
    *(Door(f"box-{name}", "lin tao shu", "post", at={"box": "box"}) for name in (
        "put", "take-out", "seal", "drop", "give", "take-back")),
    Door("box-carry", "lin tao yi", "post", at={"box": "offered"}), Door("box-deliver", "lin yan", "post", at={"box": "offered"}),
    Door("box", "lin tao zhou kai shu yan yi", at={"box": "offered"}),
    Door("box-explain", OFFICE, "post", at={"box": "offered", "leg": "leg"}),
    Door("incidents", INCIDENTS), Door("orders", INCIDENTS),
    *(Door(name, TUBE, at={"number": 1}) for name in ("incident", "incident-wall", "contacts")),
    *(Door(name, OFFICE, method, at={"number": 1}) for name in ("incident-told", "incident-close", "contacts-in-full")
      for method in ("get", "post")),
    Door("incident-hold", OFFICE, "post", at={"number": 1}),
    *(Door("incident-mark", OFFICE, method, at={"number": 1, "step": "reported"}) for method in ("get", "post")),
    *(Door(name, OFFICE, method, at={"number": 1, "case": "case"}) for name in ("case-decide", "case-again", "contact-add")
      for method in ("get", "post")),
    *(Door("interview", OFFICE, method, at={"number": 1, "case": "case"}) for method in ("get", "post")),
    Door("interview-track", OFFICE, "post", at={"number": 1, "case": "case"}),
    *(Door(name, OFFICE, "post", at={"number": 1, "case": "case", "track": "track"}) for name in (
        "interview-decide", "interview-companion")),
    Door("contact", TUBE, at={"number": 1, "contact": "contact"}),
    *(Door("contact-strike", OFFICE, method, at={"number": 1, "contact": "contact"}) for method in ("get", "post")),
    Door("orders-sign", "lin zhou", "post", at={"number": 1}),
    *(Door(name, TUBE, at={"number": 1}) for name in ("incident-papers", "orders-paper")),
    Door("incident-papers", OFFICE, "post", at={"number": 1}), Door("incident-pictures", "lin zhou", at={"number": 1}),
    *(Door("incident-handover", OFFICE, method, at={"number": 1}) for method in ("get", "post")),
    Door("incident-report", "lin zhou", at={"number": 1, "kind": "first", "form": "pdf"}),
    Door("incident-export", TUBE, at={"number": 1, "which": "line-list", "form": "csv"}),
    Door("incident-export", "lin zhou", at={"number": 1, "which": "godata", "form": "zip"}),
    Door("order-paper", TUBE, at={"order": "order"}),
    *(Door(name, "lin tao fang", "post", at={"number": 1}) for name in ("orders-inform", "orders-settle")),
    Door("order", TUBE, at={"order": "order"}), Door("order-sign", "lin zhou", "post", at={"order": "order"}),
    *(Door(f"order-{name}", "lin tao fang", "post", at={"order": "order"}) for name in ("inform", "send", "receive", "settle")),
    *(Door("order-withdraw", "lin zhou", method, at={"order": "order"}) for method in ("get", "post")),
    *(Door("tube-retests", OFFICE, method, at={"code": "SY0001"}) for method in ("get", "post")),
    Door("rules", EVERYBODY), Door("rules", OFFICE, "post"), Door("rule-pack", EVERYBODY, at={"key": "cn-2022-v9"}),
    Door("packs", EVERYBODY), Door("compare-packs", EVERYBODY), Door("adopting", "lin zhou kai"),
    Door("adopting", OFFICE, "post"), Door("adopting-names", PEOPLE), Door("supplements", BOARD),
    Door("supplement-new", OFFICE), Door("supplement-new", OFFICE, "post"),
    Door("supplement", BOARD, at={"pk": "supplement"}), Door("supplement", OFFICE, "post", at={"pk": "supplement"}),
    Door("plans", BOARD), Door("plan", "lin tao fang zhou kai", at={"what": "firm1"}),
    Door("plan", "lin zhou kai", at={"what": "control"}), Door("plan-edit", "lin fang", at={"what": "firm1"}),
    Door("plan-edit", "lin fang", "post", at={"what": "firm1"}), Door("plan-edit", OFFICE, "post", at={"what": "control"}),
    Door("plan-decide", OFFICE, "post", at={"what": "firm1"}), Door("plan-pdf", "lin tao fang zhou kai", at={"what": "firm1"}),
    Door("gradings", BOARD), Door("gradings", OFFICE, "post"), Door("zonings", BOARD), Door("zonings", OFFICE, "post"),
    Door("zoning-lift", OFFICE, at={"pk": "zoning"}), Door("zoning-lift", OFFICE, "post", at={"pk": "zoning"}),
    Door("tiers", BOARD), Door("tier-names", PEOPLE), Door("tier-round", OFFICE),
    Door("ways", EVERYBODY), Door("ways", EVERYBODY, "post"),
    *(Door("way-show", EVERYBODY, method, at={"kind": "mail"}) for method in ("get", "post")),   # asks first who it is
    *(Door("person-ways", KEEP, method, at={"person": "wu"}) for method in ("get", "post")),
    *(Door("account-ways", OFFICE, method, at={"user": "tao"}) for method in ("get", "post")),
    Door("notices", "lin tao bo fang kai"), Door("notice-new", NOTICES), Door("notice-new", NOTICES, "post"),
    Door("notice-preview", NOTICES, "post"), Door("notice", "lin kai fang", at={"uid": "notice"}),
    Door("notice-file", "lin kai fang", at={"uid": "notice"}), Door("notice-reach", "lin kai", at={"uid": "notice"}),
    Door("notice-open", "fang", "post", at={"uid": "notice"}), Door("notice-acknowledge", "fang", "post", at={"uid": "notice"}),
    Door("notice-remind", OFFICE, "post", at={"uid": "notice"}, body={"remind_id": "door-1"}),
    Door("notice-hand-over", OFFICE, "post", at={"uid": "notice"}),
    Door("channels", OFFICE), Door("message-rules", OFFICE, "post"), Door("channel-new", OFFICE, body={"kind": "mail"}),
    Door("channel-new", OFFICE, "post", body={"kind": "mail"}), Door("channel", OFFICE, at={"uid": "channel"}),
    Door("channel", OFFICE, "post", at={"uid": "channel"}), Door("channel-test", OFFICE, "post", at={"uid": "channel"}),
    Door("channel-close", OFFICE, "post", at={"uid": "channel"}), Door("deliveries", OFFICE),
    Door("delivery-decide", OFFICE, "post", at={"key": "delivery"}),
    Door("journal", "lin kai"), Door("look-ups", "lin kai"),
    Door("data-kept", EVERYBODY), Door("data-ending", "lin zhou"), Door("data-ending", "lin zhou", "post"),
    Door("erasure-report", "lin zhou kai", at={"erasure": "erasure"}), Door("objections", OFFICE),
    Door("objection", OFFICE, at={"number": 1}), Door("objection", OFFICE, "post", at={"number": 1}),
    Door("phones", OFFICE), Door("accounts", OFFICE), Door("invite", OFFICE), Door("invite", OFFICE, "post"),
    Door("account", OFFICE, at={"user": "tao"}), Door("grant-role", OFFICE, "post", at={"user": "tao"}),
    Door("revoke-role", OFFICE, "post", at={"membership": "membership"}),
    Door("tie-person", OFFICE, "post", at={"user": "tao"}, body={"person": "wu"}),
    Door("set-password", OFFICE, "post", at={"user": "tao"}), Door("create-token", OFFICE, "post", at={"user": "tao"}),
    Door("withdraw-token", OFFICE, "post", at={"user": "tao", "token": 1}),
    Door("access-review", OFFICE), Door("access-confirm", OFFICE, "post"),
    Door("access-end", OFFICE, "post", at={"membership": "membership"}),
    Door("shifts", OFFICE), Door("shift-plan", OFFICE, "post"), Door("shift-withdraw", OFFICE, "post", at={"shift": "shift"}),
    Door("shift-hand-over", OFFICE, "post", at={"shift": "shift"}, body={"text": "x"}),    # and whoever is on it: test_shifts.py
    Door("shift-take", "", "post", at={"shift": "shift"}),                                   # the next in its line alone
    Door("make-link", OFFICE, "post", at={"user": "tao"}),
    Door("end-sessions", OFFICE, "post", at={"user": "tao"}), Door("reset-second-factor", OFFICE, "post", at={"user": "tao"}),
    Door("duties", BOARD), Door("duty", BOARD, at={"key": "disinfection"}),
    Door("record-evidence", PEOPLE, at={"kind": "temperature"}),
    Door("record-evidence", "lin tao fang qin", "post", at={"kind": "temperature"}, body={"person": "wu", "temperature": "36.5"}),
    Door("evidence", PEOPLE), Door("checks", PEOPLE),
    Door("check-evidence", "lin tao", "post", at={"evidence": "disinfection"}, body={"passed": "yes"}),
    Door("excuses", PEOPLE), Door("excuse-withdraw", "lin tao fang", "post", at={"excuse": "excuse"}),
    Door("remote", "lin tao bo fang"), Door("remote", "lin tao bo fang", "post"),
    Door("training-import", OFFICE), Door("training-import", OFFICE, "post"),
    Door("returnees", PEOPLE), Door("returnee-list", "lin tao fang", at={"evidence": "returnees"}),
]

OPERATIONS = {
    "get /api/v1/registry/parks": "everybody",
    "get /api/v1/accounts/shifts": OFFICE, "post /api/v1/accounts/shifts": OFFICE,
    "post /api/v1/accounts/shifts/{number}/withdraw": OFFICE, "post /api/v1/accounts/shifts/{number}/hand-over": OFFICE,
    "post /api/v1/accounts/{username}/person": OFFICE,
    "post /api/v1/registry/rosters": OFFICE,
    "get /api/v1/registry/people": PEOPLE,
    "get /api/v1/registry/ground": BOARD,
    "post /api/v1/registry/ground": OFFICE,
    "post /api/v1/briefs/reminders": PEOPLE,
    "post /api/v1/registry/people": KEEP,
    "patch /api/v1/registry/people/{uid}": KEEP,
    "post /api/v1/registry/people/{uid}/move": KEEP,
    "post /api/v1/registry/people/{uid}/leave": KEEP,
    "get /api/v1/registry/people/{uid}/answering": "lin tao fang qin",
    "post /api/v1/registry/badges": "lin tao fang",
    "post /api/v1/registry/badges/{number}/withdraw": "lin tao fang",
    "post /api/v1/registry/people/{uid}/badge": "lin tao fang",
    "post /api/v1/registry/people/{uid}/link": "lin tao fang",
    "post /api/v1/screening/scans": "rows",
    "post /api/v1/screening/scans/undo": "lin tao shu",
    "get /api/v1/screening/rounds": BOARD + " shu",
    "get /api/v1/screening/rounds/{number}/roster": BIND,
    "post /api/v1/screening/rounds": OFFICE, "post /api/v1/screening/rounds/{number}/withdraw": OFFICE,
    "get /api/v1/screening/points": BOARD + " shu",
    "post /api/v1/screening/points": OFFICE,
    "get /api/v1/screening/advice/pool": BOARD,
    "get /api/v1/screening/advice/points": BOARD,
    "post /api/v1/screening/tubes/{code}/seal": "lin tao shu",
    "get /api/v1/screening/tubes/{code}": "lin tao fang qin shu",
    "get /api/v1/screening/conflicts": BOARD + " shu", "post /api/v1/screening/conflicts/keep": OFFICE,
    "post /api/v1/screening/conflicts/strike": OFFICE,
    "get /api/v1/screening/boxes": EVERYBODY, "post /api/v1/screening/boxes": "lin tao shu",
    "post /api/v1/screening/boxes/put": "rows", "get /api/v1/screening/boxes/{code}": "lin tao zhou kai shu",
    **{f"post /api/v1/screening/boxes/{{code}}/{verb}": "lin tao shu" for verb in ("take-out", "seal", "drop", "hand-over")},
    "post /api/v1/screening/boxes/{code}/take-back": "lin tao shu", "post /api/v1/screening/boxes/{code}/take-along": "lin tao yi",
    "post /api/v1/screening/boxes/{code}/deliver": "lin yan",
    "post /api/v1/screening/boxes/{code}/legs/{leg}/explain": OFFICE,
    "post /api/v1/screening/results": "rows",
    "post /api/v1/screening/files/scans": OFFICE,
    "post /api/v1/screening/files/points": OFFICE,
    "post /api/v1/screening/files/results": OFFICE,
    "get /api/v1/tracing/venues": KEEP, "post /api/v1/tracing/venues": KEEP, "post /api/v1/tracing/venues/{number}/withdraw": KEEP,
    "post /api/v1/tracing/people/{uid}/whereabouts": OFFICE,
    "get /api/v1/tracing/verify": PEOPLE, "post /api/v1/tracing/verify/settle": OFFICE,
    "post /api/v1/tracing/presence": OFFICE, "post /api/v1/tracing/files/presence": OFFICE,
    "get /api/v1/screening/laboratories": BOARD,
    "post /api/v1/screening/laboratories": OFFICE,
    "post /api/v1/screening/laboratories/{number}/end": OFFICE,
    "get /api/v1/screening/contracts": BOARD,
    "post /api/v1/screening/contracts": OFFICE,
    "post /api/v1/screening/contracts/{number}/end": OFFICE,
    "get /api/v1/screening/late-results": BOARD,
    "get /api/v1/screening/points/{number}/staff": "lin fang zhou kai shu tao",
    "post /api/v1/screening/points/{number}/staff": KEEP,
    "post /api/v1/screening/staff/{number}/end": KEEP,
    "get /api/v1/screening/enterprises-short": BOARD,
    "get /api/v1/screening/flagged-scans": PEOPLE,
    **dict.fromkeys(("get /api/v1/tracing/drills", "post /api/v1/tracing/drills", "post /api/v1/tracing/drills/{uid}/reveal",
                     "post /api/v1/tracing/drills/{uid}/end"), OFFICE),
    "get /api/v1/tracing/flagged": INCIDENTS, "post /api/v1/tracing/files/flagged": OFFICE,
    **dict.fromkeys(("post /api/v1/tracing/flagged/{number}/confirm", "post /api/v1/tracing/flagged/{number}/refuse",
                     "post /api/v1/tracing/flagged/return"), OFFICE),
    **dict.fromkeys(("post /api/v1/tracing/flagged/{number}/found", "post /api/v1/tracing/flagged/{number}/act"), "lin tao fang"),
    "get /api/v1/tracing/returnees": INCIDENTS, "post /api/v1/tracing/returnees": "lin tao fang",
    "post /api/v1/tracing/stays": "lin tao fang", "post /api/v1/tracing/stays/{number}/withdraw": "lin tao fang",
    "post /api/v1/tracing/files/stays": OFFICE, "get /api/v1/tracing/quiet": INCIDENTS, "post /api/v1/tracing/quiet": OFFICE,
    "post /api/v1/tracing/quiet/{number}/check": "lin tao fang",
    "get /api/v1/tracing/risk-areas": INCIDENTS, "post /api/v1/tracing/files/risk-areas": NO_ONE,
    "post /api/v1/duties/evidence": "rows",
    "get /api/v1/duties/evidence": PEOPLE,
    "get /api/v1/duties/checks": PEOPLE,
    "post /api/v1/duties/checks/{number}": "lin tao",
    "get /api/v1/duties/excuses": PEOPLE,
    "post /api/v1/duties/remote": "lin tao fang",
    "get /api/v1/duties/returnees": PEOPLE,
    "get /api/v1/duties/untrained": PEOPLE,
    "post /api/v1/duties/files/training": OFFICE,
    "post /api/v1/duties/excuses": "lin tao fang",
    "delete /api/v1/duties/excuses/{number}": "lin tao fang",
    "post /api/v1/journal/let-go": EVERYBODY, "post /api/v1/journal/people/{uid}/ways": KEEP,
    "get /api/v1/lasting/kept": EVERYBODY, "get /api/v1/lasting/erasure": "lin zhou",
    "get /api/v1/lasting/reports": "lin zhou kai", "get /api/v1/lasting/reports/{uid}/papers/{kind}": "lin zhou kai",
    "get /api/v1/lasting/objections": OFFICE, "post /api/v1/lasting/objections/{number}": OFFICE,
    "get /api/v1/journal/notices": NOTICES + " kai", "post /api/v1/journal/notices": NOTICES,
    "get /api/v1/journal/notices/{uid}": "lin kai", "post /api/v1/journal/notices/{uid}/remind": OFFICE,
    "post /api/v1/journal/notices/{uid}/read": "fang", "post /api/v1/journal/notices/{uid}/acknowledge": "fang",
    "get /api/v1/journal/deliveries": OFFICE, "post /api/v1/journal/deliveries/{uid}/decide": OFFICE,
    "get /api/v1/tracing/incidents": INCIDENTS, "get /api/v1/tracing/orders": INCIDENTS,
    **{f"get /api/v1/tracing/incidents/{{number}}{part}": TUBE for part in ("", "/clock", "/contacts")},
    **{f"post /api/v1/tracing/incidents/{{number}}/{part}": OFFICE for part in (
        "told", "hold", "close", "steps/{step}", "cases/{case}/decide", "cases/{case}/again", "cases/{case}/contacts",
        "contacts/{contact}/strike")},
    "post /api/v1/tracing/incidents/{number}/orders/sign": "lin zhou",
    **{f"{method} /api/v1/tracing/incidents/{{number}}/cases/{{case}}/interview": OFFICE for method in ("get", "post")},
    **{f"post /api/v1/tracing/incidents/{{number}}/cases/{{case}}/tracks{part}": OFFICE for part in ("", "/{track}/decide")},
    **{f"post /api/v1/tracing/incidents/{{number}}/orders/{part}": "lin tao fang" for part in ("inform", "settle")},
    "get /api/v1/tracing/orders/{uid}": TUBE, "get /api/v1/tracing/orders/{uid}/paper": TUBE,
    "get /api/v1/tracing/incidents/{number}/orders/paper": TUBE, "get /api/v1/tracing/incidents/{number}/reports": "lin zhou",
    "post /api/v1/tracing/incidents/{number}/reports": OFFICE, "post /api/v1/tracing/incidents/{number}/hand-over": OFFICE,
    "get /api/v1/tracing/incidents/{number}/reports/{kind}.{form}": "lin zhou",
    "get /api/v1/tracing/incidents/{number}/files/godata": "lin zhou",
    "get /api/v1/tracing/incidents/{number}/files/{which}.{form}": TUBE,
    **{f"post /api/v1/tracing/orders/{{uid}}/{part}": "lin zhou" for part in ("sign", "withdraw")},
    **{f"post /api/v1/tracing/orders/{{uid}}/{part}": "lin tao fang" for part in ("inform", "send", "receive", "settle")},
    "post /api/v1/screening/retests": "lin yan",
    "get /api/v1/standing/people/{uid}": "lin tao fang qin",
    "post /api/v1/standing/teams/{uid}/entry": "lin tao fang",
    "get /api/v1/rulebook/impact": "lin zhou kai",
    "get /api/v1/rulebook/plans": BOARD,
    "put /api/v1/rulebook/plans/{uid}/draft": "lin fang",
    "post /api/v1/rulebook/plans/{uid}/decisions": OFFICE,
    "get /api/v1/rulebook/gradings": BOARD,
    "post /api/v1/rulebook/gradings": OFFICE,
    "get /api/v1/rulebook/zonings": BOARD,
    "post /api/v1/rulebook/zonings": OFFICE,
    "get /api/v1/rulebook/supplements": BOARD,
    "post /api/v1/rulebook/supplements": OFFICE,
    **dict.fromkeys(("get /api/v1/closing/days", "get /api/v1/closing/days/{day}", "get /api/v1/closing/verified",
                     "post /api/v1/closing/verify"), "lin zhou kai"),
    "post /api/v1/closing/days/{day}/close": OFFICE,
    "get /api/v1/briefs/figures": BOARD,
    "get /api/v1/briefs/briefs": "lin zhou kai",
    "post /api/v1/briefs/briefs": "lin zhou",
    "get /api/v1/briefs/briefs/{uid}": "lin zhou kai",
    "get /api/v1/briefs/briefs/{uid}/papers/{kind}": "lin zhou kai",
    "get /api/v1/briefs/filings": "lin zhou kai",
    "post /api/v1/briefs/filings/{body}": OFFICE,
    "get /api/v1/briefs/score": BOARD,
    "get /api/v1/briefs/figures/{key}/rows": BOARD,
    "get /api/v1/briefs/rounds/{number}/gap": PEOPLE,
    "get /api/v1/briefs/duties/{key}/gap": PEOPLE,
}
OPEN_TO_ALL = {"alive", "ready", "metrics", "sign-in", "set_language", "demo-sign-in", "service-worker", "manifest", "offline",
               "install", "install-authority", "install-profile", "install-trusted",
               "account_login", "mfa_authenticate", "mfa_login_webauthn", "sign-in-link", "ask-link", "way-yes",
               "openid_connect_login",
               "openid_connect_callback", "feishu_login", "feishu_callback", "dingtalk_login", "dingtalk_callback", "wecom_login",
               "wecom_callback"}             # the door: accounts/tests/test_sign_in.py
BY_CODE = {"me-start", "me", "me-open", "me-report", "me-antigen", "me-read", "me-kept", "me-object", "me-order-object",
           "me-copy", "me-stays", "me-stay-withdraw"}       # as standing/tests/test_worker.py says
BY_CODE |= {"me-check-in", "me-leave", "me-days", "venue", "venue-screen", "venue-pictures"}   # test_checking_in.py
BY_CODE |= {"me-notice", "me-notice-open", "me-notice-acknowledge", "me-notice-file", "receipt"}     # test_message_commands.py
OPERATIONS_BY_CODE = {"get /api/v1/jobs/{uid}", "post /api/v1/jobs/{uid}/cancel",       # its owner's: tests/test_work.py
                      "post /api/v1/me/{code}/check-ins", "post /api/v1/me/{code}/check-outs",
                      "get /api/v1/me/{code}", "post /api/v1/me/{code}/evidence", "post /api/v1/me/{code}/forget",
                      "post /api/v1/me/{code}/let-go", "post /api/v1/me/{code}/orders/{uid}/object",
                      "post /api/v1/accounts/sign-in-links"}    # open to all: journal/tests/test_asked_links.py
MY_OWN = {"mfa_index", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_add_webauthn", "mfa_remove_webauthn",
          "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "account_reauthenticate", "mfa_reauthenticate",
          "mfa_reauthenticate_webauthn", "my-password", "my-sessions", "my-sessions-end-others", "my-session-end",
          "operator", "operator-end", "socialaccount_connections"}
# MY_OWN are nobody else's: accounts/tests/test_sign_in.py
OF_THE_HOUSE = {"work", "work-job", "work-answer", "work-cancel",            # its owner's: tests/test_work.py
                "home", "sign-out", "demo-next", "openapi-json", "api-root"}
CAST = EVERYBODY.split()


@pytest.fixture
def things(groundwork: Groundwork, town: Town, this_morning: Any) -> dict[str, Any]:
    """What the addresses of the table name, made that morning."""
    return groundwork.lay(_what_the_table_names, town)


def _what_the_table_names(town: Town) -> dict[str, Any]:
    upload = keep_upload(town.park, b"not a workbook", name="x.xlsx", kind=UploadKind.ROSTER, actor=operator())
    given = excuse(town.park, town.people["郑伟"], reason="leave", since_at=MORNING, until_at=MORNING.replace(hour=9),
                   actor=operator())
    kept = {kind: record(town.park, thing, kind=kind, data=data, happened_at=MORNING, client_id=kind, actor=operator())
            for kind, thing, data in (
                ("disinfection", town.grids["第1网格"], {"agent": "chlorine", "concentration": 500, "contact_minutes": 30,
                                                      "way": "wipe", "operator": "保洁", "what": "电梯"}),
                ("returnee_list", town.firms["东风木业有限公司"], {"returnees": []}))}
    plan = draft_plan(town.firms["东风木业有限公司"], regime=Regime.OPEN, sections={"stock": "十四天"}, actor=operator())
    area = zone(town.grids["第1网格"], AreaLevel.LOW, title="通告", issuer="区指挥部", published="2022-07-20", actor=operator())
    local = supplement(town.park, "duties.local_temperature", actor=operator(), since=MORNING.date(), title="通知",
                       issuer="区指挥部", published="2022-07", value={"who": [], "cadence": {"kind": "once"}}, rule={
                           "kind": "duty", "title": {"zh-hans": "测温", "en": "Temperature"}, "reviewed_on": "2022-07-22",
                           "subject": "person", "evidence": "temperature"})
    assert town.round
    point = Point.objects.get(park=town.park, name="第1网格采样点")
    run = run_sheets(town.round, point, sheets=1, run_id="run", actor=operator())
    box, offered = (_a_box(town, code) for code in ("X01", "X02"))
    put_tubes(town.park, [Put(put_id="p2", box="X02", tube="SY0002")], actor=operator())
    leg = hand_over(seal_box(offered, actor=operator()), leg_id="leg", gave=2, actor=operator())
    made = publish(town.park, first=MORNING.date(), last=MORNING.date(), language="en", client_id="door", actor=operator())
    of_firm = set_up_point(town.park, "东风采样点", kind=PointKind.ENTERPRISE, actor=operator(),
                           unit=town.firms["东风木业有限公司"])
    lab = keep_laboratory(town.park, "检测中心", actor=operator())
    object_to(town.people["吴强"], purpose="roster", text="电话有误", client_id="door", actor=operator())
    erased = Erasure.objects.create(park=town.park, stage="done", listed={"tables": {}, "rows": 0}, proposed_at=MORNING, report={})
    spot = name_spot(town.park, SpotKind.ENCLOSED_SPACE, "东风会议室", place=town.firms["东风木业有限公司"].site, actor=operator())
    presence = keep_upload(town.park, "身份证号,场所类型,场所,进入时间\n".encode(), name="x.csv", kind=UploadKind.PRESENCE,
                           actor=operator())
    return {
        "erasure": erased.uid, **_told(town), **_at_risk(town), **_an_incident(town),
        "doubt": _somebody_unknown(town), "presence": presence.uid, "spot": spot.pk, "site1": spot.place_id,
        "drill": _a_drill(town).uid,
        "point1": of_firm.pk, "staff": assign(town.people["吴强"], of_firm, StaffRole.SCANNER, since=MORNING.date(),
                                              actor=operator()).pk,
        "laboratory": lab.pk, "account": tie_account(lab, town.users["yan"], actor=operator()).pk,
        "contract": contract(lab, Terms(hours=24, since=MORNING.date()), actor=operator()).pk,
        "day_count": _a_closed_day(town), "run": run.pk, "box": box.pk, "offered": offered.pk, "leg": leg.pk,
        "brief": made.uid, "plan": plan.pk, "zoning": area.pk, "supplement": local.pk,
        "disinfection": kept["disinfection"].pk, "check": kept["disinfection"].pk, "returnees": kept["returnee_list"].pk,
        "team1": Unit.objects.get(enterprise=town.firms["东风木业有限公司"], kind="team").uid,
        "grid1": town.grids["第1网格"].pk, "firm1": town.firms["东风木业有限公司"].uid, "wu": town.people["吴强"].uid,
        "badge": issue_badges(town.park, [town.people["吴强"]], actor=operator())[0].pk,
        "upload": upload.uid, "tao": town.users["tao"].pk, "excuse": given.pk,
        "body": BodyMember.objects.filter(body__park=town.park).latest("pk").body_id,
        "seat": BodyMember.objects.filter(body__park=town.park).latest("pk").pk,
        "point": Point.objects.get(park=town.park, name="第1网格采样点").pk,
        "charge": Charge.objects.filter(park=town.park, unit__isnull=False).latest("pk").pk,
        "membership": Membership.objects.get(user=town.users["bo"]).pk,
        "shift": plan_shift(_somebody_else(town), AccountRole.COURIER, park=town.park, since_at=MORNING, client_id="door-shift",
                            until_at=MORNING + timedelta(hours=8), actor=operator()).pk}


def _told(town: Town) -> dict[str, Any]:
    """A notice to the prevention officer, a channel, and something that it could not send."""
    fang = town.users["fang"]
    words = Words(kind="policy", title_zh="通知", text_zh="正文", must_acknowledge=True, attachment=b"%PDF-1.7",
                  attachment_name="a.pdf")
    notice = send_notice(town.park, words, Reach(roles=("prevention_officer",), workers=False), client_id="door-notice",
                         keeper=town.users["lin"], actor=operator())
    channel = open_channel(town.park, "wecom", name="群", kinds=(), settings={"url": "https://qyapi.weixin.qq.com/x?key=k"},
                           actor=operator())
    sent = Delivery.objects.create(park=town.park, channel=channel, message=notice.messages.get(to_user=fang), stage="dead",
                                   written_at=MORNING, not_before=MORNING)
    return {"notice": notice.uid, "channel": channel.uid, "delivery": sent.key}


def _at_risk(town: Town) -> dict[str, Any]:
    """Wu is flagged by another place."""
    lines = ("姓名,身份证号,手机号,推送单位,推送时间,风险原因,离开日期\n"
             f"吴强,{an_id(1)},,包头市疾控中心,2022-07-22 07:30:00,旅居史,2022-07-20")
    file = read_flagged_file(lines.encode(), name="f.csv", park=town.park)
    import_flagged(town.park, file, actor=operator())
    wu = town.people["吴强"]
    stay = tell_stay(wu, area="包头市", first_day=MORNING.date(), last_day=MORNING.date(), client_id="door", actor=operator())
    numbered(town.park)
    quiet = Order.objects.create(
        park=town.park, number=1, who=Pseudonym.objects.get(person=wu), kind="quiet_period", stage="ordered", rule="x", reason="x",
        phases=[{"first_day": "2022-07-22", "last_day": "2022-07-24"}], since=MORNING, until=MORNING + timedelta(days=2),
        proposed_at=MORNING, proposed_by="x", proposed_by_name="x", seen_by="y", ordered_at=MORNING, ordered_by="z")
    return {"flagged": Flagged.objects.get(park=town.park).pk, "stay": stay.pk, "quiet": quiet.number}


def _an_incident(town: Town) -> dict[str, Any]:
    """The tube with Wu and Sun in it is positive: incident 1. Wu is positive alone, and somebody says that Sun was with him."""
    report(town.park, Report(tube="SY0001", value="positive", reported_at=MORNING), actor=operator())
    record_retest(town.park, tube="SY0001", person=town.people["吴强"], value="positive", at=MORNING, actor=operator())
    case = Case.objects.get(incident__park=town.park)
    contact = add_contact(case, pseudonym_of(town.people["孙丽"]), contact_class=ContactClass.CLOSE_CONTACT, reason="同住",
                          since=MORNING - timedelta(hours=1), until=MORNING, actor=operator())
    told = tell_track(case, Track(client_id="door-track", kind=SpotKind.VENUE, place="小卖部", since=MORNING - timedelta(hours=1),
                                  until=MORNING), actor=operator())
    return {"case": case.pk, "track": told.pk, "contact": contact.pk, "order": Order.objects.get(who=case.who, kind="hold").uid}
def _somebody_unknown(town: Town) -> str:
    """Somebody whom no roster knows was at the gate: a line that is to be verified."""
    row = Row(client_id="door", id_number=an_id(888), kind="gate", spot="东门", entered_at=MORNING)
    record_rows(town.park, [row], ["door"], actor=operator())
    return doubts_of(operator(), town.park, MORNING.date(), kind="unknown")[0].about


def _a_drill(town: Town) -> Drill:
    """A drill that goes on, with nobody in its tube."""
    drill = Drill.objects.create(park=town.park, title="演练", day=MORNING.date(), began_at=MORNING, began_by="user:1",
                                 truth={"ill": 0, "logged": [], "told_by_patient": []})
    Incident.objects.create(park=town.park, number=99, found_by="routine_screening", tube="DRILL", told_at=MORNING,
                            opened_at=MORNING, opened_by="user:1", release="cn-2022-v9", drill=drill)
    return drill


def _a_closed_day(town: Town) -> int:
    """The day before is closed; the number of what one of its duties came to."""
    seal = close_day(town.park, MORNING.date() - timedelta(days=1), actor=operator())
    return Count.objects.create(seal=seal, kind="duty", key="x", subject="person", title_zh="试", title_en="x", owed=0, done=0,
                                excused=0, missed=0).pk


def _somebody_else(town: Town) -> User:
    """Nobody of the cast is on duty by a shift: that opens more than a role does."""
    return create_user("night", name="夜班", park=town.park, actor=operator())


def _a_box(town: Town, code: str) -> Box:
    point = Point.objects.get(park=town.park, name="第1网格采样点")
    return open_box(town.park, code, point=point, client_id=code, actor=operator())


def _named(facts: dict[str, Any], things: dict[str, Any]) -> dict[str, Any]:
    return {key: things.get(value, value) if isinstance(value, str) else value for key, value in facts.items()}


class Visitors:
    """Everybody of the cast, signed in once: whoever knocks finds the park as it was before the others came."""

    def __init__(self, sessions: dict[str, str]) -> None:
        self.sessions, self.client = sessions, Client()

    def ask(self, who: str, ask: Callable[[Client], Any]) -> Any:
        """What somebody is answered; nobody has no name. What it did is undone again."""
        self.client.cookies = SimpleCookie({settings.SESSION_COOKIE_NAME: self.sessions[who]} if who else {})
        with transaction.atomic():
            answer = ask(self.client)
            transaction.set_rollback(True)
        return answer

    def knock(self, who: str, door: Door, park: UUID, things: dict[str, Any]) -> int:
        address = reverse(door.name, kwargs={"park": park, **_named(door.at, things)})
        return int(self.ask(who, lambda client: getattr(client, door.method)(address, _named(door.body, things))).status_code)


@pytest.fixture
def visitors(groundwork: Groundwork, town: Town, other_town: Town, things: dict[str, Any]) -> Visitors:
    return Visitors(groundwork.lay(_signed_in, town, other_town))


def _signed_in(town: Town, other_town: Town) -> dict[str, str]:
    sessions = {}
    for name, user in (town.users | other_town.users).items():
        client = Client()
        client.force_login(user)
        sessions[name] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return sessions


def _who_knock(row: str) -> list[str]:
    """The whole cast; on PostgreSQL one who may and one who may not: who may is not for the database to say."""
    if connection.vendor == "sqlite":
        return CAST
    open_to = CAST if row in ("everybody", "rows") else row.split()
    return [*open_to[:1], *[each for each in CAST if each not in open_to][:1]]


@pytest.mark.parametrize("door", PAGES, ids=str)
def test_every_page_opens_to_exactly_those_in_its_row(door: Door, town: Town, things: dict[str, Any], visitors: Visitors,
                                                      this_morning: Any) -> None:
    for username in _who_knock(door.who):
        status = visitors.knock(username, door, town.park.uid, things)
        if username in door.who.split():
            assert status in (200, 302, 409, 422) or (status == 404 and door.name == "withdraw-token"), (username, status)
        else:
            assert status in ((403, 404) if door.at or door.body else (403,)), (username, status)


def test_an_outsider_and_nobody_see_no_page_and_leave_nothing(town: Town, things: dict[str, Any], visitors: Visitors,
                                                              this_morning: Any) -> None:
    before = Entry.objects.filter(park=town.park).count()
    told = {(str(door), who): (visitors.knock(who, door, town.park.uid, things), Entry.objects.filter(park=town.park).count())
            for door in PAGES for who in ("ines", "")}

    assert {asked: found for asked, found in told.items() if found != (404 if asked[1] else 302, before)} == {}


def test_a_forged_park_is_not_there(things: dict[str, Any], visitors: Visitors, this_morning: Any) -> None:
    told = {str(door): visitors.knock("lin", door, uuid4(), things) for door in PAGES}

    assert {door: status for door, status in told.items() if status != 404} == {}


def _call(client: Client, operation: str, town: Town, things: dict[str, Any]) -> Any:
    """Call an operation of the API with words that make sense."""
    method, path = operation.split()
    number = next((things[each[:-1]] for each in ("shifts", "excuses", "badges", "checks", "contracts") if each in path),
                  things["laboratory"] if "laboratories" in path else things["point1"] if "/points/" in path
                  else things["staff"] if "/staff/" in path else things["flagged"] if "/flagged/" in path
                  else things["spot"] if "/venues/" in path else things["stay"] if "/stays/" in path else 1)
    named = things["drill" if "/drills/" in path else "order" if "/tracing/orders/" in path
                   else "delivery" if "/deliveries/" in path else "notice" if "/notices/" in path
                   else "firm1" if "/rulebook/" in path or "/teams/" in path else "brief" if "/briefs/briefs/" in path
                   else "erasure" if "/reports/" in path else "wu"]
    code = "SY0001" if "/boxes/" not in path else "X02" if path.endswith(("explain", "along", "deliver", "back")) else "X01"
    address = path.format(uid=named, code=code, username="tao", leg=things["leg"], case=things["case"], track=things["track"],
                          contact=things["contact"], step="reported", number=number, body=things["body"],
                          kind="json" if "/lasting/" in path else "first" if "/tracing/" in path else "docx", day="2022-07-21",
                          which="pairs", form="csv" if "/files/" in path else "pdf",
                          key="screening.rounds" if "figures" in path else "health_report")
    park = str(town.park.uid)
    if method == "get":
        return client.get(address, {"park": park, "first": "2022-07-22", "last": "2022-07-22", "release": "cn-2022-v9",
                                    "day": "2022-07-22", "prevalence": "0.001", "people": "100", "hours": "4"})
    cited = {"title": "通知", "issuer": "区指挥部", "published": "2022-07-20"}
    bodies: dict[str, dict[str, Any]] = {
        "badges": {"people": [str(things["wu"])]}, "person": {"person": str(things["wu"])},
        "withdraw": {"reason": "lost"}, "badge": {"reason": "lost"}, "link": {"days": 7},
        "scans": {"scans": [{"scan_id": uuid4().hex, "round": 1, "tube": "SY0001", "point": "第1网格采样点",
                             "person": str(things["wu"])}]},
        "boxes": {"client_id": uuid4().hex, "code": uuid4().hex[:8], "point": "第1网格采样点"}, "take-out": {"tube": "SY0001"},
        "put": {"puts": [{"put_id": uuid4().hex, "box": "X01", "tube": "SY0009"}]},
        **dict.fromkeys(("take-along", "deliver"), {"receipt_id": uuid4().hex}), "explain": {"text": "x"},
        **dict.fromkeys(("keep", "strike"), {"settle_id": uuid4().hex, "kind": "twice", "scan_ids": ["x", "y"], "reason": "x",
                                             "struck": "x"}),
        "venues": {"name": "东风会议室", "kind": "enclosed_space", "place": things["site1"]},
        "settle": {"kind": "unknown", "about": things["doubt"], "reason": "test"}, "whereabouts": {"reason": "test"},
        "interview": {"symptoms": "咳嗽"}, "tracks": {"client_id": uuid4().hex, "kind": "venue", "place": "小卖部",
                                                      "since": "2022-07-21T08:00", "until": "2022-07-21T09:00"},
        "presence": {"rows": [{"client_id": uuid4().hex, "resident_id": an_id(1), "kind": "gate", "spot": "东门",
                               "entered_at": "2022-07-22T08:00"}]},
        "let-go": {"let_go_id": uuid4().hex, "kind": "scan", "code": "screening.tube_sealed"},
        "shifts": {"client_id": uuid4().hex, "username": "shu", "role": "scanner", "since_at": "2022-07-23T08:00",
                   "until_at": "2022-07-23T20:00"},
        "hand-over": {"leg_id": uuid4().hex, "gave": 1, "text": "x"}, "drills": {"title": "x"},
        "undo": {"scan_id": "cast-1", "undo_id": uuid4().hex, "reason": "test"},
        "rounds": {"opens_at": "2022-07-23T06:30", "closes_at": "2022-07-23T10:30", "pool_size": 10},
        "ground": {"geojson": {"type": "FeatureCollection", "features": []}}, "reminders": {"of": "round:1"},
        "points": {"name": "流动采样队", "kind": "door_to_door"}, "end": {"on": "2022-07-23"},
        "laboratories": {"name": "第二检测中心"}, "staff": {"person": str(things["wu"]), "role": "sampler"},
        "contracts": {"laboratory": things["laboratory"], "unit": str(things["firm1"]), "hours": 12, "since": "2022-07-22"},
        "draft": {"regime": "closed_loop"}, "decisions": {"do": "approve"},
        "gradings": {"enterprise": str(things["firm1"]), "risk": "key", "reason": "涉外"},
        "zonings": {"place": things["grid1"], "level": "high", **cited},
        "supplements": {"key": "contacts.lookback_days", "value": "4", "since": "2022-07-22", **cited},
        "results": {"results": [{"tube": "SY0001", "value": "negative", "reported_at": "2022-07-22T12:00:00+08:00"}]},
        "evidence": {"evidence": [{"client_id": uuid4().hex, "kind": "health_report", "person": str(things["wu"]),
                                   "data": {"temperature": 36.5, "symptoms": []}, "happened_at": "2022-07-22T08:00"}]},
        "briefs": {"first": "2022-07-22", "last": "2022-07-22", "client_id": uuid4().hex},
        "{body}": {"day": "2022-07-22", "client_id": uuid4().hex, "figures": {}},
        "{number}": {"passed": True, "granted": True, "answer": "x"},
        "remote": {"people": [str(things["wu"])], "reason": "home", "since": "2022-07-22",
                   "until": "2022-07-23"},
        "people": {"unit": str(things["firm1"]), "since": "2022-07-22", "name": "甲某", "id_number": an_id(77)},
        "{uid}": {"since": "2022-07-22", "post": "质检员"},
        "move": {"unit": str(things["firm1"]), "since": "2022-07-22"}, "leave": {"on": "2022-07-23"},
        "entry": {"batch": uuid4().hex, "members": [{"person": str(things["wu"]), "temperature": "36.5"}]},
        "excuses": {"person": str(things["wu"]), "reason": "leave", "since_at": "2022-07-22T00:00", "until_at": "2022-07-23T00:00"},
    }
    bodies |= {
        "reports": {"client_id": uuid4().hex, "kind": "follow_up", "to": "区疾控中心"},
        **({"hand-over": {"reason": "x"}} if "/tracing/" in path else {}),
        "told": {"at": "2022-07-22T08:00"}, "close": {"reason": "x"},
        "decide": {"stage": "confirmed", "holds": "log", "reason": "x"},
        "again": {"reason": "x"}, "contacts": {"person": str(things["wu"]), "since": "2022-07-22T07:00", "reason": "x",
                                               "until": "2022-07-22T08:00"},
        "retests": {"tube": "SY0001", "id_number": an_id(1), "value": "positive", "reported_at": "2022-07-22T08:42:00+08:00"}}
    bodies |= {"notices": {"client_id": uuid4().hex, "kind": "policy", "title": "通知", "text": "正文"},
               "remind": {"remind_id": uuid4().hex}}
    bodies |= {"act": {"deed": "tested"}, "return": {"reason": "x"},
               "returnees": {"person": str(things["wu"]), "reason": "x"},
               "stays": {"person": str(things["wu"]), "area": "甲市", "first_day": "2022-07-20", "last_day": "2022-07-21",
                         "client_id": "door"},
               "quiet": {"day": "2022-07-22"}, "check": {"present": True, "check_id": "door"}}
    body = bodies.get(path.rsplit("/", 1)[-1], {}) if "/files/" not in path else {}
    if "/files/" in path or path.endswith("rosters"):
        from django.core.files.uploadedfile import SimpleUploadedFile

        return client.post(address, {"park": park, "file": SimpleUploadedFile("x.xlsx", b"not a workbook")})
    return getattr(client, method)(f"{address}?park={park}", {"park": park, **body}, content_type="application/json")


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_every_operation_answers_exactly_those_in_its_row(operation: str, town: Town, things: dict[str, Any],
                                                          visitors: Visitors, this_morning: Any) -> None:
    who = OPERATIONS[operation]
    for username in _who_knock(who):
        answer = visitors.ask(username, partial(_call, operation=operation, town=town, things=things))
        if who in ("everybody", "rows") or username in who.split():
            nothing_owed = b"duty_unknown" in answer.content           # no release is adopted in this park
            row_refused = who == "rows" and answer.status_code == 403
            assert answer.status_code in (200, 201, 204, 409, 422) or nothing_owed or row_refused, (username, answer.content)
        else:
            hidden = b"subject_unknown" in answer.content            # absent and hidden look the same
            assert answer.status_code in (403, 404) or hidden, (username, answer.status_code, answer.content)


def test_no_operation_answers_an_outsider_or_nobody(town: Town, things: dict[str, Any], visitors: Visitors,
                                                    this_morning: Any) -> None:
    told = {}
    for operation in OPERATIONS.keys() - {"get /api/v1/registry/parks"}:
        for who in ("ines", ""):
            answer = visitors.ask(who, partial(_call, operation=operation, town=town, things=things))
            told[operation, who] = answer.status_code

    assert {asked: status for asked, status in told.items() if status not in ((403, 404) if asked[1] else (401,))} == {}


def test_ines_is_told_of_her_own_park_alone(town: Town, other_town: Town, this_morning: Any) -> None:
    client = Client()
    client.force_login(other_town.users["ines"])

    answer = client.get("/api/v1/registry/parks").json()

    assert town.park.name not in str(answer)
    assert other_town.park.name in str(answer)


def _names(patterns: list[Any]) -> set[str]:
    found: set[str] = set()
    for each in patterns:
        if isinstance(each, URLResolver) and "api/" not in str(each.pattern):
            found |= _names(each.url_patterns)
        elif isinstance(each, URLPattern):
            found.add(each.name or str(each.pattern))
    return found


def test_every_address_has_a_row() -> None:
    pages = _names(get_resolver().url_patterns) - OPEN_TO_ALL - OF_THE_HOUSE - BY_CODE - MY_OWN
    operations = {f"{method} {path}" for path, methods in api.get_openapi_schema()["paths"].items() for method in methods}

    assert pages == {door.name for door in PAGES}
    assert operations - OPERATIONS_BY_CODE == set(OPERATIONS)
