"""Where somebody is reached, sealed: as a user says himself, or as an officer entered it for him; and what shows it right."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiugong.accounts.models import User
from jiugong.lib import secrets
from jiugong.registry.models import Park, Person

KINDS = ("mail", "phone")


class Ways(models.Model):
    """A mail address and a phone of one reader, and in which language he reads."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    language = models.CharField(max_length=10, blank=True)      # empty: the installation's
    mail_sealed = models.BinaryField(null=True)
    phone_sealed = models.BinaryField(null=True)
    mail_by = models.CharField(max_length=80, blank=True)       # who entered it for him; empty: he himself
    phone_by = models.CharField(max_length=80, blank=True)
    mail_yes_at = models.DateTimeField(null=True)               # whoever reads what goes there said that it is his

    where: ClassVar[str]                                        # for what its values are sealed

    class Meta:
        abstract = True

    def keep(self, *, mail: str, phone: str) -> None:
        ring = secrets.ring()
        self.mail_sealed = ring.seal(mail, where=f"{self.where}.mail.{self.uid}") if mail else None
        self.phone_sealed = ring.seal(phone, where=f"{self.where}.phone.{self.uid}") if phone else None

    @property
    def mail(self) -> str:
        return self._opened("mail", self.mail_sealed)

    @property
    def phone(self) -> str:
        return self._opened("phone", self.phone_sealed)

    def value(self, kind: str) -> str:
        """The mail address or the phone, by its kind."""
        return self.mail if kind == "mail" else self.phone

    @property
    def takes_mail(self) -> bool:
        """May messages go to its mail address? One that an officer entered waits for the yes of whoever reads there."""
        return bool(self.mail_sealed) and (not self.mail_by or self.mail_yes_at is not None)

    def _opened(self, kind: str, sealed: bytes | memoryview | None) -> str:
        return secrets.ring().open(bytes(sealed), where=f"{self.where}.{kind}.{self.uid}") if sealed else ""


class ContactWays(Ways):
    """Where a user is reached. A worker's phone stands on the roster and not here."""

    where = "journal_contactways"
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="contact_ways")
    # Its owner, signed in and asked for a fresh proof, has shown that it reaches him: links to sign in may go there, and it is
    # found by its blind index. What an officer entered never gets that far without him.
    mail_shown_at = models.DateTimeField(null=True)
    phone_shown_at = models.DateTimeField(null=True)
    mail_index = models.BinaryField(max_length=32, null=True)
    phone_index = models.BinaryField(max_length=32, null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["mail_index"], name="ways_by_mail"),
                             models.Index(fields=["phone_index"], name="ways_by_phone")]


class PersonWays(Ways):
    """Where a person of the roster is reached besides the phone that stands there, as an officer entered it."""

    where = "journal_personways"
    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="contact_ways")


class WayProof(models.Model):
    """A link that was sent to an address: whoever opens it says that it reaches him. Its text is made from the nonce."""

    nonce = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="way_proofs")
    account = models.ForeignKey(ContactWays, on_delete=models.CASCADE, null=True, related_name="proofs")
    person = models.ForeignKey(PersonWays, on_delete=models.CASCADE, null=True, related_name="proofs")
    kind = models.CharField(max_length=8)                       # of `KINDS`
    for_links = models.BooleanField()                           # its owner asked for it, so that links to sign in may go there
    hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(
            condition=Q(account__isnull=True) ^ Q(person__isnull=True), name="way_proof_of_one",
            violation_error_message=_("A proof is of one address."))]

    @property
    def ways(self) -> ContactWays | PersonWays:
        """Whose address it is of: an account's or a person's, as the constraint says."""
        return self.account or PersonWays.objects.select_related("person").get(proofs=self)
