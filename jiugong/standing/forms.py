"""What a worker's own page and a team's entry ask for: numbers as fingers write them."""

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from jiugong.lib.identifiers import folded
from jiugong.standing.errors import StartUnclear, TemperatureMissing

_DEGREES = re.compile(r"([0-9]{2})[.,。、]?([0-9])?(?:°C|℃|C|度)?", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]{1,3}(\.[0-9]+)?")
OLDEST_START = timedelta(hours=1)


class OneExcuseForm(forms.Form):
    """Excusing one person from now on: why, from what, through which day."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.TextInput(attrs={"class": "form-control"}))
    duty = forms.ChoiceField(label=_("From what"), required=False, choices=[
        ("", _("Everything")), ("on_site", _("What is done on site: works from home"))],
        widget=forms.Select(attrs={"class": "form-select"}))
    until = forms.DateField(label=_("Through"), widget=forms.DateInput(attrs={"type": "date", "class": "form-control"},
                                                                       format="%Y-%m-%d"))


def degrees(text: str) -> float | None:
    """A temperature as people write it: 36.5, 36,5, 36。5, 365, 36.5度; None where it is none at all."""
    bare = folded(text)
    if found := _DEGREES.fullmatch(bare):
        return float(f"{found[1]}.{found[2] or 0}")
    return float(bare) if _NUMBER.fullmatch(bare) else None          # a number out of range is refused with its reason


def temperature_of(sent: Mapping[str, str]) -> float:
    """The temperature that was written, else the one that was chosen. Raises TemperatureMissing."""
    found = degrees(sent.get("other", "")) if sent.get("other", "").strip() else degrees(sent.get("temperature", ""))
    if found is None:
        raise TemperatureMissing()
    return found


def started_at(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """When a test was started: now where nothing was written, else the time of the day written. Raises StartUnclear."""
    if not text.strip():
        return now
    try:
        said = time.fromisoformat(text.strip())
    except ValueError:
        raise StartUnclear() from None
    local = now.astimezone(zone)
    at = local.replace(hour=said.hour, minute=said.minute, second=0, microsecond=0)
    at = at - timedelta(days=1) if at > local else at                # started before midnight
    if local - at > OLDEST_START:
        raise StartUnclear()
    return at.astimezone(now.tzinfo)
