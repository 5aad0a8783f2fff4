"""Tables of the registry and the promises the database keeps.

A dated row holds on a day when `since <= day < until`; an empty `since` is "from the beginning", an empty `until`
"until further notice". A row that never began (`until` is `since`) is kept: it tells what somebody once wrote.

Long because who and where is one picture: eleven small tables that are read together.
"""

import uuid
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiugong.lib import identifiers, secrets
from jiugong.registry.words import BadgeKind, BodyKind, EnterpriseKind, PlaceKind, Role, Shift, Status, Tier, UnitKind


def holds_on(day: Any, prefix: str = "") -> Q:
    """The rows that hold on a day. `day` may be a date or an expression."""
    begun = Q(**{f"{prefix}since__isnull": True}) | Q(**{f"{prefix}since__lte": day})
    not_over = Q(**{f"{prefix}until__isnull": True}) | Q(**{f"{prefix}until__gt": day})
    return begun & not_over


def reaches(day: Any, prefix: str = "") -> Q:
    """The rows that hold on a day or on a later one. A row that never began holds on none."""
    open_end = Q(**{f"{prefix}until__isnull": True})
    held = Q(**{f"{prefix}since__isnull": True}) | Q(**{f"{prefix}until__gt": F(f"{prefix}since")})
    return open_end | (Q(**{f"{prefix}until__gt": day}) & held)


def in_order(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")), name=name,
        violation_error_message=_("The end of a dated entry lies before its beginning."))


class Park(models.Model):
    """One park: its own people, places, rounds and secrets. Nothing is shared between two parks."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=120, unique=True)
    timezone = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def branches(self) -> tuple[str, ...]:
        return (f"p/{self.pk}/", f"u/{self.pk}/")

    def one_at_a_time(self) -> None:
        """Decide this of the park only once whoever decides it now has done: what is sent twice at once is done once.

        Called in the action's transaction before it reads; rows that only point to the park are written meanwhile.
        """
        Park.objects.select_for_update(no_key=True).get(pk=self.pk)


class Place(models.Model):
    """A node of the tree of places. `path` is the way down to it, as in `p/1/7/31/`: the park, then places."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="places")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    kind = models.CharField(max_length=16, choices=PlaceKind)
    name = models.CharField(max_length=120)
    key = models.CharField(max_length=120)                      # sheets.name_key of the name
    address = models.CharField(max_length=200, blank=True)
    outline = models.JSONField(null=True)                       # GeoJSON geometry, WGS 84: a grid's ground, a site's point
    path = models.CharField(max_length=200, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["park", "parent", "kind", "key"], name="place_named_once_among_siblings"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def branches(self) -> tuple[str, ...]:
        return (self.path,)


class Siting(models.Model):
    """In which grid a site lies, since when. Grids are drawn anew; sites stay where they are."""

    site = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="sitings")
    grid = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="sited")
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            in_order("siting_in_order"),
            models.UniqueConstraint(fields=["site"], condition=Q(until=None), name="siting_one_open_per_site"),
        ]


class Unit(models.Model):
    """A node of the tree of units: the park office at the root, then enterprises, workshops, teams."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="units")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    enterprise = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts")  # itself too
    kind = models.CharField(max_length=16, choices=UnitKind)
    name = models.CharField(max_length=120)
    key = models.CharField(max_length=120)
    path = models.CharField(max_length=200, unique=True)
    enterprise_kind = models.CharField(max_length=16, choices=EnterpriseKind, blank=True)
    credit_code = models.CharField(max_length=18, blank=True)
    site = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="occupants")
    remark = models.CharField(max_length=500, blank=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)                         # ended: nobody is posted to it from this day on

    class Meta:
        constraints = [
            in_order("unit_in_order"),
            models.UniqueConstraint(fields=["park", "parent", "kind", "key"], name="unit_named_once_among_siblings"),
            models.UniqueConstraint(fields=["park", "credit_code"], condition=~Q(credit_code=""),
                                    name="unit_credit_code_once_in_a_park"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def branches(self) -> tuple[str, ...]:
        return (self.path,)


class Person(models.Model):
    """Somebody whom the park knows: a worker on its roster, or somebody who answers for a part of it, or both.

    ID number and phone are kept sealed; their blind indexes find them again within this park.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="people")
    name = models.CharField(max_length=80)
    id_sealed = models.BinaryField(null=True)                   # null: known by name and phone only
    id_index = models.BinaryField(null=True, max_length=32)
    phone_sealed = models.BinaryField(null=True)
    phone_index = models.BinaryField(null=True, max_length=32)
    remark = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["park", "id_index"], condition=Q(id_index__isnull=False),
                                    name="person_id_number_once_in_a_park"),
        ]
        indexes = [models.Index(fields=["park", "phone_index"], name="person_by_phone"),
                   models.Index(fields=["park", "name"], name="person_by_name")]

    def __str__(self) -> str:
        return self.name

    def keep_id_number(self, text: str, ring: secrets.KeyRing) -> Self:
        self.id_sealed = ring.seal(text, where=f"registry_person.id_number.{self.uid}")
        self.id_index = id_index(self.park, text, ring)
        return self

    def keep_phone(self, text: str, ring: secrets.KeyRing) -> Self:
        if not text:
            self.phone_sealed = self.phone_index = None
            return self
        self.phone_sealed = ring.seal(text, where=f"registry_person.phone.{self.uid}")
        self.phone_index = phone_index(self.park, text, ring)
        return self

    def open_id_number(self, ring: secrets.KeyRing) -> str:
        """The ID number in full. Journal the look first; pages show `masked_id`."""
        if not self.id_sealed:
            return ""
        return ring.open(bytes(self.id_sealed), where=f"registry_person.id_number.{self.uid}")

    def open_phone(self, ring: secrets.KeyRing) -> str:
        if not self.phone_sealed:
            return ""
        return ring.open(bytes(self.phone_sealed), where=f"registry_person.phone.{self.uid}")

    @property
    def masked_id(self) -> str:
        return identifiers.masked_id(self.open_id_number(secrets.ring()))

    @property
    def masked_phone(self) -> str:
        return identifiers.masked_phone(self.open_phone(secrets.ring()))


def id_index(park: Park, text: str, ring: secrets.KeyRing) -> bytes:
    return ring.index(text, scope=f"{park.uid}.id_number")


def phone_index(park: Park, text: str, ring: secrets.KeyRing) -> bytes:
    return ring.index(text, scope=f"{park.uid}.phone")


class Posting(models.Model):
    """A person in a unit: post, shift and status, since when. This is the roster."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="postings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="postings")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="postings")
    enterprise = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="staff")
    post = models.CharField(max_length=60, blank=True)
    shift = models.CharField(max_length=16, choices=Shift, blank=True)
    key_post = models.BooleanField(default=False)
    status = models.CharField(max_length=16, choices=Status)
    arrived_on = models.DateField(null=True)                    # 到岗日期, as written; `since` is what holds
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            in_order("posting_in_order"),
            models.UniqueConstraint(fields=["person"], condition=Q(until=None), name="posting_one_open_per_person"),
        ]
        indexes = [
            models.Index(fields=["park", "since", "until"], name="posting_by_day"),
            models.Index(fields=["enterprise", "since"], name="posting_by_enterprise"),
            models.Index(fields=["unit"], name="posting_by_unit"),
        ]

    @property
    def branches(self) -> tuple[str, ...]:
        return self.unit.branches


class Assignment(models.Model):
    """A person's dormitory bed, canteen table or bus, since when."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="assignments")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="assignments")
    kind = models.CharField(max_length=16, choices=PlaceKind)   # the place's kind: one bed at a time is a promise
    bed = models.CharField(max_length=20, blank=True)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            in_order("assignment_in_order"),
            models.UniqueConstraint(fields=["person", "kind"], condition=Q(until=None),
                                    name="assignment_one_open_per_kind"),
        ]


class Body(models.Model):
    """A leading group, task force, task group or inspection team, with its duties."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="bodies")
    kind = models.CharField(max_length=16, choices=BodyKind)
    name = models.CharField(max_length=120)
    key = models.CharField(max_length=120)
    duties = models.TextField(blank=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            in_order("body_in_order"),
            models.UniqueConstraint(fields=["park", "kind", "key"], name="body_named_once_in_a_park"),
        ]

    def __str__(self) -> str:
        return self.name


class BodyMember(models.Model):
    """A person's seat in a body: on which tier, with which duty, since when."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="seats")
    tier = models.CharField(max_length=16, choices=Tier)
    duty = models.CharField(max_length=200, blank=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        constraints = [in_order("body_member_in_order")]


class Charge(models.Model):
    """Who answers for which unit or place, in which role, since when."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="charges")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="charges")
    role = models.CharField(max_length=24, choices=Role)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="charges")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="charges")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="charges")
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            in_order("charge_in_order"),
            models.CheckConstraint(condition=Q(place__isnull=True) ^ Q(unit__isnull=True), name="charge_over_one_thing",
                                   violation_error_message=_("A charge is over a place or over a unit.")),
        ]
        indexes = [models.Index(fields=["park", "role"], name="charge_by_role")]


class Badge(models.Model):
    """A person's code, as a card or as a link: only the newest of a kind holds. Lost, it is withdrawn and another is issued.

    The code is random and says nothing; what is printed is the code with our signature.
    """

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="badges")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="badges")
    kind = models.CharField(max_length=8, choices=BadgeKind)
    code = models.CharField(max_length=32, unique=True)
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=80)
    expires_at = models.DateTimeField(null=True)                # a link ends by itself; a card holds until withdrawn
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind"], condition=Q(withdrawn_at=None),
                                               name="badge_one_open_per_kind")]

    def __str__(self) -> str:
        return self.code


class BadgeTry(models.Model):
    """A wrong answer at the door of a worker's own page. Counted for a while, so that guessing takes longer and longer."""

    badge = models.ForeignKey(Badge, on_delete=models.CASCADE, related_name="tries")
    address = models.BinaryField(max_length=32)                 # the blind index of where it came from, never the address
    device = models.BinaryField(max_length=32, default=b"")     # of a device that passed before; empty for a stranger
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["badge", "at"], name="badge_try_by_badge"),
                   models.Index(fields=["address", "at"], name="badge_try_by_address")]


class Mapping(models.Model):
    """A saved answer to "which of your columns is which of ours", by the name under which it is asked for."""

    park = models.ForeignKey(Park, on_delete=models.CASCADE, related_name="mappings")
    name = models.CharField(max_length=60)
    headings = models.JSONField()          # {"人员台账": {"their heading": "our heading"}, …}
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["park", "name"], name="mapping_named_once_in_a_park")]


class Upload(models.Model):
    """A file on its way in: sealed, waiting for somebody's yes, and gone after a day. Once taken, it says what it did."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    park = models.ForeignKey(Park, on_delete=models.CASCADE, related_name="uploads")
    kind = models.CharField(max_length=16)                      # roster, scans or results
    name = models.CharField(max_length=200)
    sealed = models.BinaryField()
    mapping = models.CharField(max_length=60, blank=True)
    uploaded_by = models.CharField(max_length=80)
    uploaded_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)                  # null: nobody has said yes
    told = models.JSONField(null=True)                          # what taking it did, in counts
