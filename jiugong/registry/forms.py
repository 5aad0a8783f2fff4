"""What the registry's pages ask for."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from jiugong.registry.errors import UploadTooLarge
from jiugong.registry.models import Mapping

MEGABYTE = 1024 * 1024
WORKBOOKS = {"accept": ".xlsx,.xlsm,.xls,.ods"}


class RosterForm(forms.Form):
    """A roster workbook, and the saved mapping with which it is read."""

    file = forms.FileField(label=_("Roster workbook"), widget=forms.FileInput(attrs=WORKBOOKS))
    mapping = forms.ChoiceField(label=_("Headings"), required=False,
                                widget=forms.Select(attrs={"class": "form-select"}))

    def __init__(self, *args: Any, mappings: list[Mapping], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Recognised by themselves")), *((each.name, each.name) for each in mappings)]
        self.fields["mapping"].choices = choices  # type: ignore[attr-defined]


class FileForm(forms.Form):
    """A workbook whose headings are to be mapped."""

    file = forms.FileField(label=_("Workbook"), widget=forms.FileInput(attrs=WORKBOOKS))


class MappingForm(forms.Form):
    """The name under which a mapping is kept."""

    name = forms.CharField(label=_("Name of the mapping"), max_length=60,
                           help_text=_("For example the name of the software from which these files come."))


class ReasonForm(forms.Form):
    """Why somebody wants to see numbers in full."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"}),
                             help_text=_("It is kept with your name and the time, and can be read in the journal."))


class EndForm(forms.Form):
    """From which day a charge is over."""

    on = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class LinkForm(forms.Form):
    """For how long a link to somebody's own page holds."""

    days = forms.TypedChoiceField(label=_("Holds for"), coerce=int, initial=7, choices=[
        (1, _("1 day")), (7, _("7 days")), (30, _("30 days")), (90, _("90 days"))],
        widget=forms.Select(attrs={"class": "form-select"}))


class GroundForm(forms.Form):
    """A grid or a site as it is drawn or typed, or a file with many; `yes` once somebody has seen what would change."""

    kind = forms.ChoiceField(label=_("What is drawn"), required=False, choices=[("grid", _("Grid")), ("site", _("Site"))],
                             widget=forms.Select(attrs={"class": "form-select"}))
    name = forms.CharField(label=_("What it is called"), required=False, max_length=120,
                           widget=forms.TextInput(attrs={"list": "place-names", "autocomplete": "off"}),
                           help_text=_("Of the grid, or of the enterprise whose site it is."))
    lines = forms.CharField(label=_("Coordinates"), required=False, max_length=40_000,
                            widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "class": "mono"}),
                            help_text=_("One corner a line: longitude, latitude in WGS 84."))
    on = forms.DateField(label=_("Holds from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    file = forms.FileField(label=_("File"), required=False,
                           widget=forms.FileInput(attrs={"accept": ".geojson,.json,.csv,.xlsx"}))
    geojson = forms.CharField(required=False, widget=forms.HiddenInput)
    yes = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Either a file, or a name with its coordinates."""
        given: dict[str, Any] = super().clean() or {}
        if not given.get("file") and not given.get("geojson"):
            if not given.get("name"):
                self.add_error("name", _("Write the name."))
            if not given.get("lines", "").strip():
                self.add_error("lines", _("Draw it on the map, or type its corners."))
        return given


def content_of(file: "UploadedFile[bytes]") -> bytes:
    """The content of a file that was sent. Raises UploadTooLarge."""
    if (file.size or 0) > settings.MOST_UPLOAD_BYTES:
        raise UploadTooLarge(file=file.name, megabytes=-(-(file.size or 0) // MEGABYTE),
                             most=settings.MOST_UPLOAD_BYTES // MEGABYTE)
    return bytes(file.read())
