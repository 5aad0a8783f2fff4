"""What lasting tells the house."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class RowsErased:
    """All rows of some tables of a park are about to be erased, by the word of two; their report stands for them."""

    park_id: int
    tables: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Restored:
    """A backup was written in place of an empty installation: what stands beside the database is to be made again from its rows."""

    made_at: str
