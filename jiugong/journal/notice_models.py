"""A notice: what a park tells many, to whom, and who makes sure that it arrives."""

import uuid
from base64 import b64decode, b64encode

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiugong.accounts.models import User
from jiugong.lib import secrets
from jiugong.registry.models import Park


class NoticeKind(models.TextChoices):
    POLICY = "policy", _("Policy")
    SITUATION = "situation", _("Situation")
    STUDY = "study", _("Study material")


class Notice(models.Model):
    """One text to many. Each of them has a message of his own, which says when he read it; the keeper answers for the rest."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="notices")
    client_id = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=NoticeKind)
    title_zh = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120, blank=True)
    text_zh = models.TextField()
    text_en = models.TextField(blank=True)
    attachment_name = models.CharField(max_length=120, blank=True)
    attachment_type = models.CharField(max_length=80, blank=True)
    attachment_sealed = models.BinaryField(null=True)           # sealed: nobody knows what a park puts into it
    must_acknowledge = models.BooleanField(default=False)
    deadline_at = models.DateTimeField(null=True)
    keeper = models.ForeignKey(User, on_delete=models.PROTECT, related_name="kept_notices")
    reach = models.JSONField()                                  # what was chosen, as logic/reach.py reads it
    branches = models.JSONField()                               # whoever reaches all of them may see who has read it
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=80)
    written_by_name = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["park", "client_id"], name="notice_written_once")]
        indexes = [models.Index(fields=["park", "written_at"], name="notice_by_time")]

    def __str__(self) -> str:
        return self.title_zh

    def keep_attachment(self, content: bytes) -> None:
        self.attachment_sealed = secrets.ring().seal(b64encode(content).decode(), where=f"journal_notice.attachment.{self.uid}")

    def attachment(self) -> bytes:
        """The attachment as it was sent; nothing where there is none."""
        if not self.attachment_sealed:
            return b""
        return b64decode(secrets.ring().open(bytes(self.attachment_sealed), where=f"journal_notice.attachment.{self.uid}"))
