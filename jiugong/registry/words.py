"""The closed lists of the registry, as they are stored and as pages name them. Sheets: `logic/words.py`."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlaceKind(models.TextChoices):
    PARK = "park", _("Park")
    GRID = "grid", _("Grid")
    SITE = "site", _("Site")
    BUILDING = "building", _("Building")
    ZONE = "zone", _("Zone")
    ROOM = "room", _("Room")
    DORM_ROOM = "dorm_room", _("Dormitory room")
    CANTEEN_TABLE = "canteen_table", _("Canteen table")
    GATE = "gate", _("Gate")
    BUS = "bus", _("Commuter bus")


class UnitKind(models.TextChoices):
    PARK_OFFICE = "park_office", _("Park office")
    ENTERPRISE = "enterprise", _("Enterprise")
    WORKSHOP = "workshop", _("Workshop")
    TEAM = "team", _("Team")


class EnterpriseKind(models.TextChoices):
    ENTERPRISE = "enterprise", _("Enterprise")
    SITE = "site", _("Building site")
    INCUBATOR = "incubator", _("Incubator")
    INSTITUTE = "institute", _("Research institute")


class Shift(models.TextChoices):
    DAY = "day", _("Day shift")
    NIGHT = "night", _("Night shift")
    MIDDLE = "middle", _("Middle shift")
    REGULAR_DAY = "regular_day", _("Regular day")


class Status(models.TextChoices):
    ON_DUTY = "on_duty", _("On duty")
    ON_LEAVE = "on_leave", _("On leave")
    OFF_POST = "off_post", _("Off post")
    ISOLATED = "isolated", _("In isolation")


class Role(models.TextChoices):
    PARK_CHIEF = "park_chief", _("Park chief")
    GROUP_LEADER = "group_leader", _("Task group leader")
    GRID_LEADER = "grid_leader", _("Grid leader")
    ENTERPRISE_CHIEF = "enterprise_chief", _("Enterprise chief")
    PREVENTION_OFFICER = "prevention_officer", _("Prevention officer")
    SAMPLER = "sampler", _("Sampling officer")
    SCANNER = "scanner", _("Scanning officer")
    SERVICE_OFFICER = "service_officer", _("Chief service officer")
    LIAISON_CADRE = "liaison_cadre", _("Liaison cadre")
    WORKSHOP_LEADER = "workshop_leader", _("Workshop leader")
    TEAM_LEADER = "team_leader", _("Team leader")


class BodyKind(models.TextChoices):
    LEADING_GROUP = "leading_group", _("Leading group")
    TASK_FORCE = "task_force", _("Task force")
    TASK_GROUP = "task_group", _("Task group")
    INSPECTION_TEAM = "inspection_team", _("Inspection team")


class Tier(models.TextChoices):
    OVERALL = "overall", _("Overall responsibility")
    ORGANISER = "organiser", _("Organiser")
    IMPLEMENTER = "implementer", _("Implementer")


# On which of the three tiers a role stands where no seat in a body says otherwise.
TIER_OF = {
    Role.PARK_CHIEF: Tier.OVERALL, Role.ENTERPRISE_CHIEF: Tier.OVERALL,
    Role.GROUP_LEADER: Tier.ORGANISER, Role.GRID_LEADER: Tier.ORGANISER, Role.PREVENTION_OFFICER: Tier.ORGANISER,
    Role.SERVICE_OFFICER: Tier.ORGANISER, Role.LIAISON_CADRE: Tier.ORGANISER,
    Role.SAMPLER: Tier.IMPLEMENTER, Role.SCANNER: Tier.IMPLEMENTER,
    Role.WORKSHOP_LEADER: Tier.IMPLEMENTER, Role.TEAM_LEADER: Tier.IMPLEMENTER,
}


class BadgeKind(models.TextChoices):
    CARD = "card", _("Badge")
    LINK = "link", _("Link")
