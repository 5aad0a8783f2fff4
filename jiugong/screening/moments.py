"""Moments as programs write them."""

from datetime import datetime

from jiugong.lib import days
from jiugong.registry.models import Park
from jiugong.screening.errors import MomentUnclear


def moment_said(text: str, park: Park) -> datetime:
    """The moment that a program means; without an offset it is the park's local time. Raises MomentUnclear."""
    try:
        moment = days.moment(text, park.zone)
        days.day_of(moment, park.zone)                           # the last hours of the calendar have no day here
        return moment
    except (ValueError, OverflowError):
        raise MomentUnclear(text=text) from None
