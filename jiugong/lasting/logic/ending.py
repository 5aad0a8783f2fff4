"""What becomes of a table when the purpose ends, and the list that two people agree on. Plain Python."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from jiugong.lib.keeping import Personal, Table

# They say what ended and who decided it, and are what is shown to whoever asks afterwards.
PROOF = {"lasting_ending", "lasting_erasure"}
ACCOUNTS = "accounts_user"
GOES = {"emergency", "working"}                    # its rows go; a row to which one that stays leads is blanked instead
WRITES_ON = {"log"}                                # rows come to it while the list is read: they are counted, not agreed on
KEYS_THAT_STAY = r"^(user:[0-9]+|operator|keeper)$"        # numbers of accounts, whose names go


class End(StrEnum):
    """What becomes of a table's rows of one park."""

    DELETED = "deleted"
    BLANKED = "blanked"            # the row stays without what it tells of somebody
    STAYS = "stays"                # it tells of nobody


def end_of(table: Table) -> End:
    """Rows whose purpose ends with the emergency go; figures, rules and logs stay without anybody's data."""
    if table.name in PROOF:
        return End.STAYS
    if table.keep in GOES:
        return End.DELETED
    if table.keep == "account" and table.name != ACCOUNTS:
        return End.DELETED
    return End.BLANKED if table.personal else End.STAYS


def columns_that_end(table: Table) -> list[str]:
    return sorted(table.personal)


def keeps_keys(kind: Personal) -> bool:
    """Of who did it, the number of the account may stay: it says nothing once the account has no name."""
    return kind is Personal.ACCOUNT


def list_hash(tables: Mapping[str, Mapping[str, Any]], writes_on: Iterable[str]) -> str:
    """One number for the list that both people saw: each table, its rows, and which they are. Logs are left out."""
    left_out = set(writes_on)
    agreed = {name: said for name, said in tables.items() if name not in left_out}
    return hashlib.sha256(json.dumps(agreed, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def rows_hash(numbers: Iterable[Any]) -> str:
    """One number for which rows they are."""
    digest = hashlib.sha256()
    for number in numbers:
        digest.update(f"{number},".encode())
    return digest.hexdigest()
