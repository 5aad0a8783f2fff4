"""Closed days as people ask for them."""

from jiugong.closing.queries.days import as_data, seals_between

__all__ = ["as_data", "seals_between"]
