"""Every power there is, on one page. Who holds which is the other page: `accounts/roles.py`."""

from enum import StrEnum


class Can(StrEnum):
    """A power over a unit or a place and everything below it. What no role lists, nobody holds."""

    SEE_BOARD = "see_board"                        # figures and names of a branch
    SEE_PEOPLE = "see_people"                      # a person's page: history, evidence, masked numbers
    SHOW_IDENTITY = "show_identity"                # ID number or phone in full, with a reason, journalled
    IMPORT_ROSTERS = "import_rosters"              # upload, confirm, save a mapping
    EXPORT_ROSTERS = "export_rosters"
    IMPORT_RECORDS = "import_records"              # scans and results that come as files
    OPEN_ROUNDS = "open_rounds"
    OPEN_OWN_ROUNDS = "open_own_rounds"            # of one's own enterprise, where its contract with a laboratory allows it
    KEEP_LABORATORIES = "keep_laboratories"        # laboratories, their contracts, and which accounts report for them
    BIND_SPECIMENS = "bind_specimens"              # bind a person to a tube, seal the tube
    REPORT_RESULTS = "report_results"              # also receive boxes of tubes at the laboratory
    CARRY_BOXES = "carry_boxes"                    # receive a box of tubes and hand it on; nobody in the tubes is seen
    SETTLE_SAMPLING = "settle_sampling"            # settle a conflict between scans, explain counts that differ
    KEEP_ROSTER = "keep_roster"                    # add, change, move, end people, units, charges, bodies on pages
    DRAW_GRIDS = "draw_grids"
    ISSUE_BADGES = "issue_badges"                  # codes and links of people, also again after a loss
    REMIND = "remind"                              # a message to who owes, then up the chain
    SEND_NOTICES = "send_notices"                  # write to many within one's reach, and see who has read it
    KEEP_CHANNELS = "keep_channels"                # the park's ways out of the house, and what could not be sent
    RECORD_EVIDENCE = "record_evidence"            # health reports and antigen results of somebody else
    EXCUSE = "excuse"
    ADOPT_POLICY = "adopt_policy"
    DRAFT_PLANS = "draft_plans"                    # write the plan of an enterprise
    APPROVE_PLANS = "approve_plans"                # let a plan hold; grade enterprises and areas
    FILE_FIGURES = "file_figures"                  # file the daily figures of a body
    COMPOSE_BRIEFS = "compose_briefs"
    PROPOSE_ERASURE = "propose_erasure"            # say that an emergency has ended, propose to erase what was kept
    RELEASE_ERASURE = "release_erasure"            # confirm and release what another person proposed
    ANSWER_OBJECTIONS = "answer_objections"        # answer somebody who objects to what is kept about him
    CLOSE_DAYS = "close_days"                      # settle, count and seal a day that is over
    VERIFY_DAYS = "verify_days"                    # compare closed days with their seals
    SEE_INCIDENTS = "see_incidents"                # incidents, contacts, orders of a branch's people
    TRACE_CONTACTS = "trace_contacts"              # ask whom somebody met, interview, judge; a person's last 14 days
    HOLD_PEOPLE = "hold_people"                    # confirm the hold of a positive tube's members
    DECIDE_CASES = "decide_cases"                  # confirm a case, rule it out, say that a sample was contaminated
    DECIDE_ORDERS = "decide_orders"                # one of the two who decide what restricts somebody longer than the hold
    CARRY_OUT_ORDERS = "carry_out_orders"          # inform, hand over, receive, say that somebody is under control
    KEEP_VENUES = "keep_venues"                    # venue codes and what hangs where
    READ_JOURNAL = "read_journal"
    GRANT_ROLES = "grant_roles"
    RUN_SERVER = "run_server"                      # keys, doctor, demo clock: the operator
