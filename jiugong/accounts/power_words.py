"""What each power is called where people read it: on an account's page, and where a role cannot be given."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from jiugong.lib.can import Can

POWERS: Mapping[Can, Any] = {
    Can.SEE_BOARD: _("see figures and names"), Can.SEE_PEOPLE: _("open people's pages"),
    Can.SHOW_IDENTITY: _("show numbers in full, with a reason"), Can.IMPORT_ROSTERS: _("take in rosters"),
    Can.EXPORT_ROSTERS: _("export rosters"), Can.IMPORT_RECORDS: _("take in files of scans and results"),
    Can.OPEN_ROUNDS: _("open rounds"), Can.OPEN_OWN_ROUNDS: _("open rounds of the own enterprise"),
    Can.KEEP_LABORATORIES: _("keep laboratories and contracts"), Can.BIND_SPECIMENS: _("scan and seal tubes"),
    Can.REPORT_RESULTS: _("report results, receive boxes"), Can.CARRY_BOXES: _("carry boxes"),
    Can.SETTLE_SAMPLING: _("settle conflicts and differences"), Can.KEEP_ROSTER: _("keep people and units"),
    Can.DRAW_GRIDS: _("draw grids"), Can.ISSUE_BADGES: _("give badges and links"), Can.REMIND: _("remind people"),
    Can.SEND_NOTICES: _("send notices"), Can.KEEP_CHANNELS: _("keep channels"), Can.RECORD_EVIDENCE: _("enter for others"),
    Can.EXCUSE: _("excuse people"), Can.ADOPT_POLICY: _("adopt releases and local rules"),
    Can.DRAFT_PLANS: _("write plans"), Can.APPROVE_PLANS: _("approve plans, grade enterprises and areas"),
    Can.FILE_FIGURES: _("file figures"), Can.COMPOSE_BRIEFS: _("write and publish briefs"),
    Can.PROPOSE_ERASURE: _("propose the end and the erasure"), Can.RELEASE_ERASURE: _("release the end and the erasure"),
    Can.ANSWER_OBJECTIONS: _("answer objections"), Can.CLOSE_DAYS: _("close days"), Can.VERIFY_DAYS: _("verify closed days"),
    Can.SEE_INCIDENTS: _("see incidents and contacts"), Can.TRACE_CONTACTS: _("trace contacts"),
    Can.HOLD_PEOPLE: _("hold the people of positive tubes"), Can.DECIDE_CASES: _("decide cases"),
    Can.DECIDE_ORDERS: _("decide what restricts people"), Can.CARRY_OUT_ORDERS: _("carry out orders"),
    Can.KEEP_VENUES: _("keep venue codes"),
    Can.READ_JOURNAL: _("read the journal"), Can.GRANT_ROLES: _("keep accounts and roles"), Can.RUN_SERVER: _("run the server"),
}


def in_words(powers: Iterable[Can]) -> list[str]:
    """Powers as people read them, in the order of `Can`."""
    held = set(powers)
    return [str(POWERS[power]) for power in Can if power in held]
