"""What is wrong with backups, in words: what, and what to do."""

from django.utils.translation import gettext as _

CONCERNS = ("none", "old", "sealed", "untried", "failed")


def concern_in_words(concern: str) -> tuple[str, str]:
    """What is wrong, and what whoever runs the server does about it."""
    return {
        "none": (_("There is no backup."), _("Run `jiugong backup FILE`, or let the worker do it (JIUGONG_BACKUP_AT).")),
        "old": (_("The last backup is older than two days."), _("Run `jiugong backup FILE`, and look why the worker made none.")),
        "sealed": (_("The last backup does not open with the keys that are here now."), _("Run `jiugong backup FILE`.")),
        "untried": (_("No backup was tried in three months."), _("Run `jiugong backup --drill`.")),
        "failed": (_("The last drill of a backup failed."), _("Run `jiugong backup FILE`, then `jiugong backup --drill`.")),
    }[concern]
