"""How a value of this room looks as plain data, the same for JSON, for fingerprints and for cases."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time
from decimal import Decimal
from typing import TypeAlias

Plain: TypeAlias = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]


def plain(value: object) -> Plain:
    """The value as every language reads it: days as 2022-11-11, lists as lists, records by their field names.

    A field that may be left out, and is, is left out here too.
    """
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return str(value)           # exact: as a binary fraction 37.3 would no longer be what the document says
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, Mapping):
        return {str(key): plain(kept) for key, kept in value.items()}
    if isinstance(value, tuple | list):
        return [plain(kept) for kept in value]
    if is_dataclass(value):
        kept = {field: getattr(value, field.name) for field in fields(value)}
        return {field.name: plain(one) for field, one in kept.items() if one is not None or field.default is not None}
    raise TypeError(f"{type(value).__name__} has no plain form")
