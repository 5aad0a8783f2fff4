"""A request that is answered later. What was asked and what came of it hold people's data: both are kept sealed."""

import json
import uuid
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiugong.lib import secrets
from jiugong.work.stages import UNFINISHED, Stage


class JobStage(models.TextChoices):
    WAITING = Stage.WAITING.value, _("Waiting for its turn")
    RUNNING = Stage.RUNNING.value, _("Being done")
    DONE = Stage.DONE.value, _("Ready to be fetched")
    REFUSED = Stage.REFUSED.value, _("Refused")
    FAILED = Stage.FAILED.value, _("Failed")
    CANCELLED = Stage.CANCELLED.value, _("Cancelled")


class Job(models.Model):
    """One request: whose, which view, how far it is, and its answer."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.CharField(max_length=80)                     # the actor's key, as in user:12
    view = models.CharField(max_length=80)                      # the view's name, for monitoring
    title = models.CharField(max_length=200)                    # what its owner calls it
    likeness = models.CharField(max_length=64)                  # the same for the same request of the same owner
    home = models.CharField(max_length=16)                      # of which worker: the one that shares our folder
    stage = models.CharField(max_length=12, choices=JobStage, default=JobStage.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    asked_sealed = models.BinaryField()
    answer_sealed = models.BinaryField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(
            fields=["likeness"], condition=models.Q(stage__in=[each.value for each in UNFINISHED]), name="job_under_way_once")]
        indexes = [models.Index(fields=["owner", "asked_at"], name="job_by_owner"),
                   models.Index(fields=["home", "stage", "asked_at"], name="job_by_stage")]

    @property
    def is_unfinished(self) -> bool:
        return self.stage in UNFINISHED

    def keep_asked(self, asked: dict[str, Any]) -> None:
        self.asked_sealed = secrets.ring().seal(json.dumps(asked), where=f"work_job.asked.{self.uid}")

    def asked(self) -> dict[str, Any]:
        """The request: method, path, query, fields, files."""
        opened: dict[str, Any] = json.loads(secrets.ring().open(bytes(self.asked_sealed), where=f"work_job.asked.{self.uid}"))
        return opened

    def keep_answer(self, answer: dict[str, Any]) -> None:
        self.answer_sealed = secrets.ring().seal(json.dumps(answer), where=f"work_job.answer.{self.uid}")

    def answer(self) -> dict[str, Any]:
        """What came of it: status, headers, content, and the words for the next page. Empty while there is none."""
        if self.answer_sealed is None:
            return {}
        opened: dict[str, Any] = json.loads(secrets.ring().open(bytes(self.answer_sealed), where=f"work_job.answer.{self.uid}"))
        return opened
