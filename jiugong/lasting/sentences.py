"""What the room says in words: what is wrong with backups, what an erasure cannot promise, which rows go."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jiugong.lib import keeping
from jiugong.lib.table_words import table_in_words

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


def limit_in_words(limit: str) -> str:
    """What an erasure cannot promise."""
    return {
        "disk": _("The disk below may keep old blocks until it writes over them: use an encrypted disk, and destroy it at its "
                  "end."),
        "copies": _("Copies that somebody made outside this installation, and backups that a passphrase opens, are destroyed by "
                    "whoever holds them."),
        "pg_wal": _("PostgreSQL's write-ahead log, its archive and its replicas keep old rows until they are recycled."),
    }.get(limit, limit)


def table_rows(counts: Mapping[str, int], listed: Mapping[str, Mapping[str, Any]] | None = None) -> list[dict[str, Any]]:
    """Rows by table, under the purpose for which they are kept, in words."""
    from jiugong.lasting.purposes import purpose_in_words

    known = keeping.tables()
    return sorted(({"table": name, "called": table_in_words(name, get_language()), "rows": count,
                    "purpose": purpose_in_words(known[name].purpose) if name in known else "",
                    "what": (listed or {}).get(name, {}).get("what", "")} for name, count in counts.items()),
                  key=lambda each: (each["purpose"], each["table"]))
