"""Closing a day and verifying what was closed."""

from jiugong.closing.actions.closing import close_day
from jiugong.closing.actions.erasing import erased
from jiugong.closing.actions.verifying import Verified, verify

__all__ = ["Verified", "close_day", "erased", "verify"]
