"""Closed days as people ask for them."""

from jiugong.closing.queries.days import as_data

__all__ = ["as_data"]
