"""Which role holds which powers: the whole page. What is not listed here, nobody holds."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiugong.lib.can import Can


class AccountRole(models.TextChoices):
    """What somebody is to the system. Never compared with `>=`: a role is what it lists."""

    DUTY_OFFICER = "duty_officer", _("Duty officer")
    LEADER = "leader", _("Leader")
    GRID_LEADER = "grid_leader", _("Grid leader")
    PREVENTION_OFFICER = "prevention_officer", _("Prevention officer")
    TEAM_LEADER = "team_leader", _("Team leader")
    SCANNER = "scanner", _("Scanning officer")
    COURIER = "courier", _("Courier")
    LABORATORY = "laboratory", _("Laboratory")
    AUDITOR = "auditor", _("Auditor")


ROLES: dict[AccountRole, frozenset[Can]] = {
    AccountRole.DUTY_OFFICER: frozenset({
        Can.SEE_BOARD, Can.SEE_PEOPLE, Can.SHOW_IDENTITY, Can.IMPORT_ROSTERS, Can.EXPORT_ROSTERS, Can.IMPORT_RECORDS,
        Can.OPEN_ROUNDS, Can.OPEN_OWN_ROUNDS, Can.KEEP_LABORATORIES, Can.BIND_SPECIMENS, Can.REPORT_RESULTS,
        Can.RECORD_EVIDENCE, Can.EXCUSE, Can.ADOPT_POLICY,
        Can.KEEP_ROSTER, Can.DRAW_GRIDS, Can.ISSUE_BADGES, Can.REMIND, Can.DRAFT_PLANS, Can.APPROVE_PLANS, Can.FILE_FIGURES,
        Can.COMPOSE_BRIEFS, Can.READ_JOURNAL, Can.GRANT_ROLES, Can.CARRY_BOXES, Can.SETTLE_SAMPLING,
        Can.SEND_NOTICES, Can.KEEP_CHANNELS, Can.PROPOSE_ERASURE, Can.RELEASE_ERASURE, Can.ANSWER_OBJECTIONS,
        Can.CLOSE_DAYS, Can.VERIFY_DAYS,
        Can.SEE_INCIDENTS, Can.TRACE_CONTACTS, Can.HOLD_PEOPLE, Can.DECIDE_CASES, Can.DECIDE_ORDERS, Can.CARRY_OUT_ORDERS,
        Can.KEEP_VENUES,
    }),
    AccountRole.LEADER: frozenset({Can.SEE_BOARD, Can.COMPOSE_BRIEFS, Can.RELEASE_ERASURE, Can.VERIFY_DAYS, Can.SEE_INCIDENTS,
                                   Can.DECIDE_ORDERS}),
    AccountRole.GRID_LEADER: frozenset({
        Can.SEE_BOARD, Can.SEE_PEOPLE, Can.SHOW_IDENTITY, Can.RECORD_EVIDENCE, Can.EXCUSE, Can.BIND_SPECIMENS,
        Can.ISSUE_BADGES, Can.REMIND, Can.FILE_FIGURES, Can.CARRY_BOXES, Can.SEND_NOTICES, Can.SEE_INCIDENTS, Can.CARRY_OUT_ORDERS,
    }),
    AccountRole.PREVENTION_OFFICER: frozenset({
        Can.SEE_BOARD, Can.SEE_PEOPLE, Can.SHOW_IDENTITY, Can.RECORD_EVIDENCE, Can.EXCUSE, Can.BIND_SPECIMENS,
        Can.KEEP_ROSTER, Can.ISSUE_BADGES, Can.REMIND, Can.DRAFT_PLANS, Can.OPEN_OWN_ROUNDS, Can.CARRY_BOXES,
        Can.SEND_NOTICES, Can.SEE_INCIDENTS, Can.CARRY_OUT_ORDERS, Can.KEEP_VENUES,
    }),
    AccountRole.TEAM_LEADER: frozenset({Can.SEE_BOARD, Can.SEE_PEOPLE, Can.RECORD_EVIDENCE, Can.REMIND}),
    AccountRole.SCANNER: frozenset({Can.BIND_SPECIMENS}),
    AccountRole.COURIER: frozenset({Can.CARRY_BOXES}),
    AccountRole.LABORATORY: frozenset({Can.REPORT_RESULTS}),
    AccountRole.AUDITOR: frozenset({Can.SEE_BOARD, Can.READ_JOURNAL, Can.VERIFY_DAYS}),
}

# Roles that see more than their own team sign in with a second factor: a passkey, or a password and a code of an app.
# assumption: which roles these are is ours to say; no authority names them.
SECOND_FACTOR = frozenset({AccountRole.DUTY_OFFICER, AccountRole.LEADER, AccountRole.GRID_LEADER,
                           AccountRole.PREVENTION_OFFICER, AccountRole.AUDITOR})
