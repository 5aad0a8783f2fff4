"""When the database does not take what we write: full, read-only, gone, or held by somebody else for too long.

Two databases say it in different words; whoever was writing hears one sentence, and when to come again. Every action is
one transaction, so nothing is half written.
"""

import errno
import sqlite3
from typing import Any

from django.db import Error as DatabaseError
from django.utils.translation import gettext_lazy

from jiugong.lib.refusal import Refusal

SOON, LATER = 2, 30                                          # seconds


class StorageTrouble(Refusal):
    """What is wrong with the database; `retry_after` says in how many seconds it is worth asking again."""

    wait = LATER

    def __init__(self, **facts: Any) -> None:
        super().__init__(retry_after=self.wait, **facts)


class StorageFull(StorageTrouble):
    code = "web.storage_full"
    message = gettext_lazy("The server's disk is full, so nothing of this was saved. Everything that was saved before is safe. "
                           "Keep what you have, tell whoever runs this server, and send it again in a while.")


class StorageReadOnly(StorageTrouble):
    code = "web.storage_read_only"
    message = gettext_lazy("The database can be read but not written at the moment, so nothing of this was saved. Keep what you "
                           "have, tell whoever runs this server, and send it again in a while.")


class StorageGone(StorageTrouble):
    code = "web.storage_gone"
    wait = 5
    message = gettext_lazy("The database does not answer at the moment, so nothing of this was saved. Everything that was saved "
                           "before is safe. Send it again in a few seconds.")


class StorageBusy(StorageTrouble):
    code = "web.storage_busy"
    wait = SOON
    message = gettext_lazy("Others are writing at this moment and it took too long to wait for them, so nothing of this was "
                           "saved. Send it again in a few seconds.")


SQLITE = {
    sqlite3.SQLITE_FULL: StorageFull, sqlite3.SQLITE_READONLY: StorageReadOnly, sqlite3.SQLITE_BUSY: StorageBusy,
    sqlite3.SQLITE_LOCKED: StorageBusy, sqlite3.SQLITE_CANTOPEN: StorageGone, sqlite3.SQLITE_IOERR: StorageFull,
}
# https://www.postgresql.org/docs/current/errcodes-appendix.html
POSTGRESQL = {
    "25006": StorageReadOnly, "53100": StorageFull, "53200": StorageBusy, "53300": StorageBusy, "55P03": StorageBusy,
    "40001": StorageBusy, "40P01": StorageBusy, "57014": StorageBusy, "57P01": StorageGone, "57P02": StorageGone,
    "57P03": StorageGone, "08": StorageGone,
}
OF_THE_DISK = {errno.ENOSPC: StorageFull, errno.EDQUOT: StorageFull, errno.EROFS: StorageReadOnly}


def trouble_of(reason: BaseException | None) -> StorageTrouble | None:
    """The trouble that an exception tells of. None where it tells of something else, such as a mistake of ours."""
    if isinstance(reason, OSError) and reason.errno in OF_THE_DISK:
        return OF_THE_DISK[reason.errno]()
    if not isinstance(reason, DatabaseError):
        return None
    told = reason.__cause__
    if isinstance(told, sqlite3.Error):
        kind = SQLITE.get(getattr(told, "sqlite_errorcode", 0) & 0xFF)
    else:
        state = getattr(told, "sqlstate", None)
        kind = StorageGone if _has_lost_its_server(told, state) else POSTGRESQL.get(state or "", POSTGRESQL.get((state or "")[:2]))
    return kind() if kind else None


def _has_lost_its_server(told: BaseException | None, state: str | None) -> bool:
    """Without a state the server said nothing at all: it was not reached, or it went away in the middle."""
    return state is None and type(told).__name__ in (
        "OperationalError", "InterfaceError", "PoolTimeout", "PoolClosed", "ConnectionTimeout", "TooManyRequests")
