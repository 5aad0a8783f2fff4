"""What people fill in: a round to open, a swab to bind, a file to take in."""

from datetime import datetime, time
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiugong.lib import clock
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.errors import UploadTooLarge
from jiugong.registry.models import Park, Place, Unit
from jiugong.registry.queries.units import enterprises_of, grids_of
from jiugong.screening.models import POOL_SIZES
from jiugong.screening.words import PointKind

OPENS, CLOSES = time(6, 30), time(10, 30)            # what the form proposes; the officer decides
MEGABYTE = 1024 * 1024
LOCAL = "%Y-%m-%dT%H:%M"


class PointForm(forms.Form):
    """A sampling point: its name, its kind, and whose roster it works down."""

    name = forms.CharField(label=_("Name of the point"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=PointKind.choices)

    def __init__(self, *given: Any, park: Park, actor: Actor, **named: Any) -> None:
        super().__init__(*given, **named)
        self.things: dict[str, Place | Unit] = {f"place:{grid.pk}": grid for grid in grids_of(park)}
        self.things |= {f"unit:{unit.pk}": unit for unit in enterprises_of(park)}
        self.things = {key: thing for key, thing in self.things.items() if actor.may(Can.OPEN_ROUNDS, over=thing)}
        whole = [("", _("The whole park"))] if actor.may(Can.OPEN_ROUNDS, over=park) else []
        self.fields["over"] = forms.ChoiceField(label=_("Whose roster"), required=not whole, choices=[
            *whole, *((key, str(thing)) for key, thing in self.things.items())])

    def over(self) -> dict[str, Any]:
        """The grid or enterprise that was chosen, under the name that the action takes."""
        thing = self.things.get(self.cleaned_data["over"])
        return {} if thing is None else {"place" if isinstance(thing, Place) else "unit": thing}

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("kind") == PointKind.ENTERPRISE and "unit" not in str(self.cleaned_data.get("over", "")):
            self.add_error("over", _("A point at an enterprise needs the enterprise."))
        return cleaned


class RoundForm(forms.Form):
    """A round: its hours in the park's own time, its pool, whose roster."""

    number = forms.IntegerField(label=_("Number"), min_value=1, max_value=99_999)
    opens_at = forms.DateTimeField(label=_("Opens"), widget=forms.DateTimeInput({"type": "datetime-local"}, LOCAL))
    closes_at = forms.DateTimeField(label=_("Closes"), widget=forms.DateTimeInput({"type": "datetime-local"}, LOCAL))
    pool_size = forms.TypedChoiceField(label=_("Swabs in one tube"), coerce=int, initial=20,
                                       choices=[(size, str(size)) for size in POOL_SIZES])

    def __init__(self, *given: Any, park: Park, actor: Actor, **named: Any) -> None:
        super().__init__(*given, **named)
        self.park = park
        self.things: dict[str, Place | Unit] = {f"place:{grid.pk}": grid for grid in grids_of(park)}
        self.things |= {f"unit:{unit.pk}": unit for unit in enterprises_of(park)}
        self.things = {key: thing for key, thing in self.things.items() if actor.may(Can.OPEN_ROUNDS, over=thing)}
        whole = [("", _("The whole park"))] if actor.may(Can.OPEN_ROUNDS, over=park) else []
        self.fields["over"] = forms.ChoiceField(label=_("Whose roster"), required=not whole, choices=[
            *whole, *((key, str(thing)) for key, thing in self.things.items())])

    @property
    def may_open(self) -> bool:
        """Is there any roster for which the actor may open a round?"""
        return bool(self.things) or not self.fields["over"].required

    @classmethod
    def proposing(cls, number: int, *, park: Park, actor: Actor) -> "RoundForm":
        """The form as it opens: the next number, this morning's hours."""
        today = clock.now().astimezone(park.zone).date()
        return cls(park=park, actor=actor, initial={
            "number": number, "opens_at": datetime.combine(today, OPENS), "closes_at": datetime.combine(today, CLOSES)})

    def full_clean(self) -> None:
        with timezone.override(self.park.zone):
            super().full_clean()

    def asked(self) -> dict[str, Any]:
        """What the action takes."""
        asked = dict(self.cleaned_data)
        thing = self.things.get(asked.pop("over"))
        return asked | {"place": thing if isinstance(thing, Place) else None,
                        "unit": thing if isinstance(thing, Unit) else None}


class ScanForm(forms.Form):
    """One swab typed in by hand, for browsers without scripts."""

    round = forms.IntegerField(min_value=1, max_value=99_999)
    point = forms.CharField(max_length=120)
    tube = forms.CharField(max_length=40)
    id_number = forms.CharField(max_length=40)
    scan_id = forms.CharField(max_length=64, initial=lambda: str(uuid4()))


class FileForm(forms.Form):
    """A file of scans or results."""

    file = forms.FileField(label=_("File"))


def content_of(file: "UploadedFile[bytes]") -> bytes:
    """The content of a file that was sent. Raises UploadTooLarge."""
    if (file.size or 0) > settings.MOST_UPLOAD_BYTES:
        raise UploadTooLarge(file=file.name, megabytes=-(-(file.size or 0) // MEGABYTE),
                             most=settings.MOST_UPLOAD_BYTES // MEGABYTE)
    return bytes(file.read())
