"""Who was where, from when to when, and by which log; venue codes that people scan."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiugong.lib import identifiers, secrets
from jiugong.registry.models import Park, Person, Place
from jiugong.tracing.words import DoubtKind, Source, SpotKind


class Pseudonym(models.Model):
    """Under which number somebody stands in the history: a person, or an ID number that no roster knows yet.

    The number is random and says nothing; once this table is gone, history names nobody.
    """

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="pseudonyms")
    number = models.BigIntegerField(unique=True)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, null=True, related_name="pseudonym")
    id_sealed = models.BinaryField(null=True)                   # of somebody whom no roster knows
    id_index = models.BinaryField(null=True, max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["park", "id_index"], condition=Q(id_index__isnull=False),
                                    name="unknown_once_in_a_park"),
            models.CheckConstraint(condition=Q(person__isnull=False) | Q(id_index__isnull=False), name="pseudonym_of_somebody",
                                   violation_error_message=_("A number in the history belongs to a person or to an ID number.")),
        ]

    def keep_number(self, text: str, ring: secrets.KeyRing, index: bytes) -> None:
        self.id_sealed, self.id_index = ring.seal(text, where=f"tracing_pseudonym.id_number.{self.number}"), index

    def open_id_number(self, ring: secrets.KeyRing) -> str:
        """The ID number in full. Journal the look first."""
        if self.person:
            return self.person.open_id_number(ring)
        return ring.open(bytes(self.id_sealed), where=f"tracing_pseudonym.id_number.{self.number}") if self.id_sealed else ""

    @property
    def masked_id(self) -> str:
        return identifiers.masked_id(self.open_id_number(secrets.ring()))

    @property
    def name(self) -> str:
        """How lists name him; somebody whom no roster knows has no name here."""
        return self.person.name if self.person else ""


class Spot(models.Model):
    """A place as logs name it: one table of a canteen, one run of a bus, one workshop, one room.

    Spots of one `hall` that carry a `number` stand in a row: table 33 is next to 32 and 34 of the same canteen.
    """

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="spots")
    kind = models.CharField(max_length=16, choices=SpotKind)
    name = models.CharField(max_length=120)
    hall = models.CharField(max_length=120)                     # the name without its number; the whole name where it has none
    number = models.PositiveIntegerField(null=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="spots")     # on the ground, where known

    class Meta:
        constraints = [models.UniqueConstraint(fields=["park", "kind", "name"], name="spot_named_once")]
        indexes = [models.Index(fields=["park", "kind", "hall"], name="spot_by_hall")]

    def __str__(self) -> str:
        return self.name


class Presence(models.Model):
    """Somebody was at a spot from a moment to another, as one source says. Another source is another row.

    Appended. Who leaves scans once more and ends an assumed stay; a stay is never longer than it was assumed or told.
    """

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="presences", db_index=False)
    who = models.ForeignKey(Pseudonym, on_delete=models.PROTECT, related_name="presences", db_index=False)
    spot = models.ForeignKey(Spot, on_delete=models.PROTECT, related_name="presences", db_index=False)
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField()
    source = models.CharField(max_length=40)                    # a word of `Source`, or as the file names it
    assumed = models.BooleanField(default=False)                # the end is the dwell time of the pack
    client_id = models.CharField(max_length=64, blank=True)     # made on the phone that checked in
    ended_id = models.CharField(max_length=64, blank=True)      # made on the phone that checked out
    received_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80, blank=True)   # a user's key; empty for files
    case = models.ForeignKey("tracing.Case", on_delete=models.PROTECT, null=True, related_name="tracks")   # told in his interview
    second = models.CharField(max_length=40, blank=True)        # the other source that says the same
    remark = models.CharField(max_length=300, blank=True)
    told = models.JSONField(default=dict)                       # in an interview: companions, transport, seat, mask

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["who", "spot", "entered_at", "left_at", "source"], name="presence_told_once"),
            models.UniqueConstraint(fields=["park", "client_id"], condition=~Q(client_id=""), name="check_in_once"),
            models.CheckConstraint(condition=Q(left_at__gte=F("entered_at")), name="presence_in_order",
                                   violation_error_message=_("Somebody left before he came.")),
        ]
        indexes = [models.Index(fields=["park", "entered_at"], name="presence_by_time"),
                   models.Index(fields=["who", "entered_at"], name="presence_by_person"),
                   models.Index(fields=["spot", "entered_at"], name="presence_by_spot"),
                   models.Index(fields=["park", "ended_id"], condition=~Q(ended_id=""), name="check_out_by_id")]

    @property
    def said_by(self) -> str:
        """The source in the reader's language."""
        return str(Source(self.source).label) if self.source in Source.values else self.source


class VenueCode(models.Model):
    """The code that hangs at a spot. What people scan changes all the time: a picture of it is of no use later.

    Lost or copied, it is withdrawn and another is issued.
    """

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="venue_codes")
    spot = models.ForeignKey(Spot, on_delete=models.PROTECT, related_name="codes")
    code = models.CharField(max_length=32, unique=True)         # random: which code it is, not what opens it
    secret = models.CharField(max_length=64)                    # what the changing part is made with
    seconds = models.PositiveIntegerField()                     # how long one picture of it is good; 0: printed, it never changes
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=80)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["spot"], condition=Q(withdrawn_at=None),
                                               name="venue_code_one_open_per_spot")]

    @property
    def branches(self) -> tuple[str, ...]:
        return self.spot.place.branches if self.spot.place else self.park.branches


class Verified(models.Model):
    """Somebody settled one line of the list of what is to be verified: which line, what he found, and that it is done.

    `about` names what the line is about together with everybody in it: where somebody joins, it is another line.
    """

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="verified")
    kind = models.CharField(max_length=16, choices=DoubtKind)
    about = models.CharField(max_length=64)
    reason = models.CharField(max_length=300)
    settled_at = models.DateTimeField()
    settled_by = models.CharField(max_length=80)
    settled_by_name = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["park", "kind", "about"], name="verified_once")]
