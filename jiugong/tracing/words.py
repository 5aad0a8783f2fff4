"""The closed lists of tracing, as they are stored and as pages name them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SpotKind(models.TextChoices):
    """Kinds of places where logs see people: the words of the packs (`policy/exposures.py`), and what gives no ground."""

    DORM_ROOM = "dorm_room", _("Dormitory room")
    WORKPLACE = "workplace", _("Workplace")
    CANTEEN_TABLE = "canteen_table", _("Canteen table")
    BUS = "bus", _("Closed air-conditioned bus")
    VENTILATED_BUS = "ventilated_bus", _("Ventilated bus")
    ENCLOSED_SPACE = "enclosed_space", _("Enclosed room")
    TOILET = "toilet", _("Shared toilet")
    LIFT = "lift", _("Lift")
    CLINIC = "clinic", _("Clinic")
    GOODS = "goods", _("Goods")
    VENUE = "venue", _("Other venue")
    GATE = "gate", _("Gate")


class Source(models.TextChoices):
    """Which log says that somebody was somewhere."""

    ATTENDANCE = "attendance", _("Attendance")
    CANTEEN_CARD = "canteen_card", _("Canteen card")
    BUS_SCAN = "bus_scan", _("Bus scan")
    VENUE_CODE = "venue_code", _("Venue code")
    GATE = "gate", _("Gate record")
    GOODS = "goods", _("Goods record")
    SELF_REPORT = "self_report", _("Said by the person")
    RECALL = "recall", _("Recalled in an interview")
    ROSTER = "roster", _("Roster")
    OTHER = "other", _("Another record")


class DoubtKind(models.TextChoices):
    """Why a line of the roster or of the history is to be verified."""

    UNKNOWN = "unknown", _("Seen, but on no roster")
    NEVER_SEEN = "never_seen", _("On the roster, but never seen")
    PHONE_SHARED = "phone_shared", _("One phone of several people")
    BED_SHARED = "bed_shared", _("One bed of several people")


class FoundBy(models.TextChoices):
    """How a case was found: it decides from when its contacts are looked for."""

    ROUTINE_SCREENING = "routine_screening", _("Routine screening")
    SYMPTOMS = "symptoms", _("Symptoms")
    NOTIFIED = "notified", _("Told by another place")


class CaseStageWord(models.TextChoices):
    SUSPECTED = "suspected", _("Suspected")
    CONFIRMED = "confirmed", _("Confirmed")
    RULED_OUT = "ruled_out", _("Ruled out")
    CONTAMINATED = "contaminated", _("Contaminated sample")
    RECOVERED = "recovered", _("Recovered")


class ContactClass(models.TextChoices):
    CLOSE_CONTACT = "close_contact", _("Close contact")
    CONTACT_OF_CONTACT = "contact_of_contact", _("Contact of a close contact")
    GENERAL_CONTACT = "general_contact", _("General contact")
    VENUE_EXPOSURE = "venue_exposure", _("Exposed at a venue")


class OrderKind(models.TextChoices):
    """What somebody is asked to keep to. What is computed from a pack's `control.<rule>` is named by it."""

    HOLD = "hold", _("Temporary hold")
    INFECTED = "infected", _("Isolation of a case")
    CLOSE_CONTACT = "close_contact", _("Control of a close contact")
    CONTACT_OF_CONTACT = "contact_of_contact", _("Control of a contact of a close contact")
    HIGH_RISK_AREA = "high_risk_area", _("Control after a high-risk area")
    MEDIUM_RISK_AREA = "medium_risk_area", _("Control after a medium-risk area")
    QUIET_PERIOD = "quiet_period", _("Quiet period")


class OrderStageWord(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    SEEN = "seen", _("One of two has decided")
    ORDERED = "ordered", _("Ordered")
    INFORMED = "informed", _("Informed")
    SENT = "sent", _("On the way")
    RECEIVED = "received", _("Received")
    CONTROLLED = "controlled", _("Under control")
    RELEASED = "released", _("Released")
    LAPSED = "lapsed", _("Over")
    WITHDRAWN = "withdrawn", _("Taken back")


class StepKind(models.TextChoices):
    """The steps of an incident's clock, in their order."""

    TOLD = "told", _("Told")
    HELD = "held", _("Members held")
    RETESTED = "retested", _("Retests known")
    DECIDED = "decided", _("Case decided")
    REPORTED = "reported", _("First report sent")
    TRACED = "traced", _("Contacts listed")
    CORE_FACTS = "core_facts", _("Core facts known")
    ORDERED = "ordered", _("Orders decided")
    INFORMED = "informed", _("Contacts informed")
    CONTROLLED = "controlled", _("Contacts under control")
    INVESTIGATED = "investigated", _("Investigation written")


class Authority(models.TextChoices):
    """Whether a deadline is law or practice."""

    LAW = "law", _("Law")
    PRACTICE = "practice", _("Practice")


class RiskLevel(models.TextChoices):
    HIGH = "high", _("High risk")
    MEDIUM = "medium", _("Medium risk")
    LOW = "low", _("Low risk")


class FlagStage(models.TextChoices):
    """What became of somebody whom another place told of."""

    WAITING = "waiting", _("To be matched by a person")
    MATCHED = "matched", _("On our roster")
    TOLD = "told", _("Told to who answers")
    FOUND = "found", _("Found")
    ACTED = "acted", _("Acted on")
    RETURNED = "returned", _("Returned: not here")


class FlagDeed(models.TextChoices):
    """What was done with somebody whom another place told of."""

    ORDER_PROPOSED = "order_proposed", _("Control proposed")
    TESTED = "tested", _("Tested")
    AT_HOME = "at_home", _("Stays at home")
    ON_LEAVE = "on_leave", _("Not in the park")
    NO_RISK = "no_risk", _("No risk found")


class VerdictWord(models.TextChoices):
    """What was decided of a returnee: the words of `logic/returning.py`."""

    ON_POST = "on_post", _("On post")
    TEST_FIRST = "test_first", _("Test first")
    CONTROLLED = "controlled", _("Controlled")
