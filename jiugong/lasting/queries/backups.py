"""Asking about backups and drills."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from jiugong.journal.models import Entry
from jiugong.lasting.logic import manifests
from jiugong.lasting.models import Backup, Drill
from jiugong.lib import secrets

BACKUP_OLD, DRILL_OLD = timedelta(days=2), timedelta(days=92)


def kept_backups() -> QuerySet[Backup]:
    """The backups that were not destroyed, the latest first."""
    return Backup.objects.filter(erased_at=None).order_by("-made_at", "-pk")


def last_drill() -> Drill | None:
    return Drill.objects.order_by("-at", "-pk").first()


def opens_here(backup: Backup) -> bool:
    """Does a key of this installation open it, or a passphrase?"""
    return backup.has_keys or backup.key in {manifests.fingerprint(key) for key in secrets.ring().keys.values()}


def concerns(at: datetime) -> list[str]:
    """What is wrong with the backups, by name: `none`, `old`, `sealed`, `untried`, `failed`. Empty is well.

    An installation in which nothing is older than a backup may be needs none yet, and neither does a demonstration.
    """
    backup, drill = kept_backups().first(), last_drill()
    if settings.DEMO or not Entry.objects.filter(at__lt=at - BACKUP_OLD).exists():
        return []
    if backup is None:
        return ["none"]
    found = []
    if at - backup.made_at > BACKUP_OLD:
        found.append("old")
    if not opens_here(backup):
        found.append("sealed")
    if drill is None or at - drill.at > DRILL_OLD:
        found.append("untried")
    elif not drill.passed:
        found.append("failed")
    return found
