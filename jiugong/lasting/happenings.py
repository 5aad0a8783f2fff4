"""What lasting tells the house."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class RowsErased:
    """All rows of some tables of a park are about to be erased, by the word of two; their report stands for them."""

    park_id: int
    tables: tuple[str, ...]
