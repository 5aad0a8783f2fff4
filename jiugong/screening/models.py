"""Points, rounds, tubes, specimens, results and retests."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from jiugong.lib import identifiers, secrets
from jiugong.registry.models import Park, Person, Place, Unit
from jiugong.screening.box_models import Box, Leg, Packed
from jiugong.screening.conflict_models import SettledSwab, Settlement
from jiugong.screening.laboratory_models import Contract, Laboratory, LaboratoryAccount, PointStaff
from jiugong.screening.paper_models import SheetRun
from jiugong.screening.words import PointKind, ResultValue, SubjectKind

__all__ = ["POOL_SIZES", "Box", "Contract", "Laboratory", "LaboratoryAccount", "Leg", "Packed", "Point", "PointStaff", "Result",
           "Retest", "Round", "SettledSwab", "Settlement", "SheetRun",
           "Specimen", "Tube", "Undo"]

POOL_SIZES = (1, 5, 10, 20)


class Point(models.Model):
    """Where people are sampled: at an enterprise, in public, or a team that goes from door to door."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="points")
    name = models.CharField(max_length=120)
    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=16, choices=PointKind)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="points")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="points")
    opens = models.TimeField(null=True)                         # the park's time of day
    closes = models.TimeField(null=True)
    desks = models.PositiveSmallIntegerField(null=True)
    since = models.DateField(null=True)                         # the days on which it stands
    until = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["park", "key"], name="point_named_once_in_a_park")]

    def __str__(self) -> str:
        return self.name

    @property
    def branches(self) -> tuple[str, ...]:
        if self.unit:
            return self.unit.branches
        return self.place.branches if self.place else self.park.branches


class RoundsThatStand(models.Manager["Round"]):
    """Every round that was not withdrawn. One into which a swab came all the same stands: the swab is in its tube."""

    def get_queryset(self) -> models.QuerySet["Round"]:
        swabs = Specimen.every.filter(round=OuterRef("pk"))
        return super().get_queryset().filter(Q(withdrawn_at=None) | Exists(swabs))


class Round(models.Model):
    """One time that a roster is sampled: everybody on duty that day within its branch is owed one specimen.

    `objects` are those that stand. One that was opened by mistake and withdrawn stays in the table, under `every`, and
    nobody owes it.
    """

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveIntegerField()
    day = models.DateField()                                    # whose roster is owed
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    pool_size = models.PositiveSmallIntegerField()
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="rounds")   # a grid's round
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="rounds")     # an enterprise's
    imported = models.BooleanField(default=False)               # its window grows with the scans that come in
    enterprises = models.ManyToManyField(Unit, related_name="targeted_by")      # chosen enterprises; none: all
    posts = models.JSONField(default=list)                      # chosen posts by name; none: all
    key_posts_only = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True)       # why these
    withdrawn_at = models.DateTimeField(null=True)              # null: it stands

    objects = RoundsThatStand()
    every: models.Manager["Round"] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["park", "number"], name="round_numbered_once_in_a_park"),
            models.CheckConstraint(condition=Q(pool_size__in=POOL_SIZES), name="round_validated_pool_sizes",
                                   violation_error_message=_("A tube holds 1, 5, 10 or 20 swabs.")),
            models.CheckConstraint(condition=Q(closes_at__gte=F("opens_at")), name="round_in_order",
                                   violation_error_message=_("A round closes after it opens.")),
        ]
        indexes = [models.Index(fields=["park", "day"], name="round_by_day")]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def branches(self) -> tuple[str, ...]:
        over = self.unit or self.place
        return over.branches if over else self.park.branches

    @property
    def is_targeted(self) -> bool:
        """Is it for chosen enterprises or posts only? Ask for rounds with their enterprises: `rounds.WITH_TARGETS`."""
        return bool(self.posts or self.key_posts_only or self.enterprises.all())

    @property
    def duty_key(self) -> str:
        """Under which key an excuse names this round."""
        return f"screening.round.{self.number}"


class Tube(models.Model):
    """One tube with the swabs of up to `capacity` subjects, in the order in which they were bound.

    A tube is open until sealed; nobody is bound to a sealed tube. Results append, they never edit.
    """

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="tubes")
    code = models.CharField(max_length=40)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="tubes")
    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="tubes")
    capacity = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True)                 # null: still open

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["park", "code"], name="tube_coded_once_in_a_park"),
            models.CheckConstraint(
                condition=Q(capacity__in=POOL_SIZES), name="tube_capacity_validated_sizes",
                violation_error_message=_("A tube holds 1, 5, 10 or 20 swabs; other pools have not been validated.")),
        ]
        indexes = [models.Index(fields=["round", "opened_at"], name="tube_by_round")]

    def __str__(self) -> str:
        return self.code

    @property
    def branches(self) -> tuple[str, ...]:
        return self.point.branches


class SpecimensThatCount(models.Manager["Specimen"]):
    """Every specimen whose scan was not undone."""

    def get_queryset(self) -> models.QuerySet["Specimen"]:
        return super().get_queryset().filter(undo__isnull=True)


def sealed_number(scan_id: str, text: str, ring: secrets.KeyRing) -> bytes:
    """The number of a walk-in, as his specimen keeps it."""
    return ring.seal(text, where=f"screening_specimen.id_number.{scan_id}")


class Specimen(models.Model):
    """One swab in one tube: whose, in which position, when, by whom. Appended, never edited but to name its person.

    `objects` are those that count. One whose scan was undone stays in the table, under `every`, and counts nowhere.
    """

    # Park, round and who scans are the same for hundreds of swabs, and each swab would lock their rows again. They are read in the
    # transaction that binds, nobody deletes them while a swab names them (PROTECT), so the database looks at the others alone.
    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="specimens", db_index=False, db_constraint=False)
    scan_id = models.CharField(max_length=64)                   # made on the device, so that sending twice is safe
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="specimens", db_index=False, db_constraint=False)
    tube = models.ForeignKey(Tube, on_delete=models.PROTECT, related_name="specimens", db_index=False)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=SubjectKind)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="specimens",
                               db_index=False)
    id_sealed = models.BinaryField(null=True)                   # a walk-in's number as it was scanned
    id_index = models.BinaryField(null=True, max_length=32)     # the park's blind index, to match him later
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="specimens",
                              db_index=False)
    lot = models.CharField(max_length=80, blank=True)
    scanner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="scanned", db_index=False,
                                db_constraint=False)
    scanner_sealed = models.BinaryField(null=True)              # an unknown scanner's phone, kept and flagged
    scanner_index = models.BinaryField(null=True, max_length=32)
    device = models.CharField(max_length=60, blank=True)
    sampled_at = models.DateTimeField()                         # what counts: the device's time, never after arrival
    device_at = models.DateTimeField()                          # what the device said
    received_at = models.DateTimeField()
    skew_seconds = models.IntegerField(null=True)               # how far the device's clock was behind ours when it sent
    again = models.BooleanField(default=False)                  # the person already had a specimen in this round
    bound_by = models.CharField(max_length=80, blank=True)      # whose hands bound it: a user's key; empty for files

    every: models.Manager["Specimen"] = models.Manager()
    objects = SpecimensThatCount()

    class Meta:
        default_manager_name = "every"                          # turning the keys must reach every sealed number
        constraints = [
            models.UniqueConstraint(fields=["scan_id", "park"], name="specimen_taken_once"),
            models.CheckConstraint(
                condition=Q(kind="person", place__isnull=True, lot="") | Q(kind="place", place__isnull=False, lot="")
                | (Q(kind="lot", place__isnull=True) & ~Q(lot="")),
                name="specimen_of_one_subject",
                violation_error_message=_("A specimen is of one person, one place or one lot of goods.")),
        ]
        indexes = [          # every swab pays for each: foreign keys that one of these begins with have none of their own
            models.Index(fields=["round", "person", "sampled_at"], name="specimen_by_round"),
            models.Index(fields=["person", "sampled_at"], name="specimen_by_person"),
            models.Index(fields=["tube", "position"], name="specimen_by_tube"),
            models.Index(fields=["park", "sampled_at"], name="specimen_by_time"),
            models.Index(fields=["place"], condition=Q(place__isnull=False), name="specimen_of_places"),
            models.Index(fields=["scanner"], condition=Q(scanner__isnull=False), name="specimen_by_scanner"),
        ]

    def keep_number(self, text: str, ring: secrets.KeyRing, index: bytes) -> None:
        self.id_sealed, self.id_index = sealed_number(self.scan_id, text, ring), index

    def keep_scanner(self, phone: str, ring: secrets.KeyRing, index: bytes) -> None:
        self.scanner_sealed = ring.seal(phone, where=f"screening_specimen.scanner.{self.scan_id}")
        self.scanner_index = index

    def open_number(self, ring: secrets.KeyRing) -> str:
        """The number of a walk-in in full. Journal the look first."""
        sealed = self.id_sealed
        return ring.open(bytes(sealed), where=f"screening_specimen.id_number.{self.scan_id}") if sealed else ""

    def open_scanner(self, ring: secrets.KeyRing) -> str:
        sealed = self.scanner_sealed
        return ring.open(bytes(sealed), where=f"screening_specimen.scanner.{self.scan_id}") if sealed else ""

    @property
    def whose(self) -> int | bytes | None:
        """The same for two swabs of one person, also while only his number is known."""
        return self.person_id or (bytes(self.id_index) if self.id_index else None)

    @property
    def masked_id(self) -> str:
        if self.person:
            return self.person.masked_id
        return identifiers.masked_id(self.open_number(secrets.ring()))


class Undo(models.Model):
    """A scan was undone: the swab did not go into this tube, or it was somebody else's. Appended, never a deletion."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="undone_scans")
    undo_id = models.CharField(max_length=64)                   # made on the device, so that sending twice is safe
    specimen = models.OneToOneField(Specimen, on_delete=models.PROTECT, related_name="undo")
    reason = models.CharField(max_length=200)
    undone_at = models.DateTimeField()
    undone_by = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["park", "undo_id"], name="scan_undone_once")]


class Result(models.Model):
    """What the laboratory says of a tube. A correction is another result; the one reported last counts."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="results")
    tube = models.ForeignKey(Tube, on_delete=models.PROTECT, related_name="results")
    value = models.CharField(max_length=12, choices=ResultValue)
    reported_at = models.DateTimeField()
    received_at = models.DateTimeField()
    swabs = models.PositiveSmallIntegerField(null=True)         # how many the laboratory counted
    reported_by = models.CharField(max_length=80)
    laboratory = models.ForeignKey(Laboratory, on_delete=models.PROTECT, null=True, related_name="results")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tube", "value", "reported_at"], name="result_reported_once")]
        indexes = [models.Index(fields=["park", "reported_at"], name="result_by_time")]


class Retest(models.Model):
    """A member of a tube that was not negative is to be sampled alone. Closed by the result of a tube of his own."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="retests")
    specimen = models.OneToOneField(Specimen, on_delete=models.PROTECT, related_name="retest")
    opened_at = models.DateTimeField()
    because = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="retests")
    closed_by = models.ForeignKey(Result, on_delete=models.PROTECT, null=True, related_name="closed_retests")
