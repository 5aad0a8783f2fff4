"""What people fill in: a round to open, a swab to bind, a file to take in."""

from datetime import datetime, time
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiugong.lib import clock
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.logic import badge_codes
from jiugong.registry.models import Park, Place, Unit
from jiugong.registry.queries.people import today_in
from jiugong.registry.queries.units import enterprises_of, grids_of
from jiugong.screening.actions.points import Standing
from jiugong.screening.actions.results import SKEW, Report
from jiugong.screening.actions.rounds import Target
from jiugong.screening.actions.scans import Scan
from jiugong.screening.errors import (
    PointEndsTooEarly,
    PointHoursHalf,
    PointNeedsPlace,
    ResultFromTheFuture,
    RoundNeedsReason,
    RoundOver,
    TubeUnknown,
)
from jiugong.screening.logic.reading import LONGEST_CODE
from jiugong.screening.logic.reading_points import MOST_DESKS
from jiugong.screening.models import POOL_SIZES, Point, Tube
from jiugong.screening.queries.laboratories import opened_by
from jiugong.screening.queries.rounds import posts_on
from jiugong.screening.words import PointKind, ResultValue

OPENS, CLOSES = time(6, 30), time(10, 30)            # what the form proposes; the officer decides
LOCAL = "%Y-%m-%dT%H:%M"


class PointForm(forms.Form):
    """A sampling point: its name, its kind, whose roster it works down, its hours, desks and days."""

    name = forms.CharField(label=_("Name of the point"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=PointKind.choices, initial=PointKind.PUBLIC)
    opens = forms.TimeField(label=_("Opens at"), required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M"))
    closes = forms.TimeField(label=_("Closes at"), required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M"),
                             help_text=_("Earlier than it opens: it is open past midnight."))
    desks = forms.IntegerField(label=_("Desks"), required=False, min_value=1, max_value=MOST_DESKS)
    since = forms.DateField(label=_("Stands from"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    until = forms.DateField(label=_("Closed from"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
                            help_text=_("The first day without it. Empty: until further notice."))

    def __init__(self, *given: Any, park: Park, actor: Actor, **named: Any) -> None:
        super().__init__(*given, **named)
        self.things, over = _rosters(park, actor)
        self.fields["over"] = over
        self.order_fields(["name", "kind", "over"])

    @classmethod
    def of(cls, point: Point, *, actor: Actor) -> "PointForm":
        """The form as it opens for a point that is known."""
        over = f"unit:{point.unit_id}" if point.unit_id else f"place:{point.place_id}" if point.place_id else ""
        return cls(park=point.park, actor=actor, initial={
            "over": over, **{name: getattr(point, name) for name in (
                "name", "kind", "opens", "closes", "desks", "since", "until")}})

    def asked(self) -> dict[str, Any]:
        """What the actions take."""
        given = self.cleaned_data
        return {"name": given["name"], "kind": PointKind(given["kind"]), **_over(self.things, given["over"]),
                "standing": Standing(**{name: given[name] for name in ("opens", "closes", "desks", "since", "until")})}

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        given = self.cleaned_data
        if given.get("kind") == PointKind.ENTERPRISE and "unit" not in str(given.get("over", "")):
            self.add_error("over", PointNeedsPlace.message)
        if bool(given.get("opens")) != bool(given.get("closes")) and not self.errors.keys() & {"opens", "closes"}:
            self.add_error("closes", PointHoursHalf.message)
        if given.get("since") and given.get("until") and given["until"] < given["since"]:
            self.add_error("until", PointEndsTooEarly.message)
        return cleaned


def _rosters(park: Park, actor: Actor, *, own: bool = False) -> tuple[dict[str, Place | Unit], forms.ChoiceField]:
    """Whose rosters the actor may sample, and the field in which one is chosen; empty is the whole park.

    `own`: also the enterprises that today may open rounds of their own, for their own officers.
    """
    things: dict[str, Place | Unit] = {f"place:{grid.pk}": grid for grid in grids_of(park)}
    things |= {f"unit:{unit.pk}": unit for unit in enterprises_of(park)}
    mine = opened_by(actor, park, [thing for thing in things.values() if isinstance(thing, Unit)]) if own else set()
    things = {key: thing for key, thing in things.items() if actor.may(Can.OPEN_ROUNDS, over=thing) or thing in mine}
    whole = [("", _("The whole park"))] if actor.may(Can.OPEN_ROUNDS, over=park) else []
    return things, forms.ChoiceField(label=_("Whose roster"), required=not whole, choices=[
        *whole, *((key, str(thing)) for key, thing in things.items())])


def _over(things: dict[str, Place | Unit], chosen: str) -> dict[str, Any]:
    """The grid or enterprise that was chosen, under the name that the action takes."""
    thing = things.get(chosen)
    return {"place": thing if isinstance(thing, Place) else None, "unit": thing if isinstance(thing, Unit) else None}


class RoundForm(forms.Form):
    """A round: its hours in the park's own time, its pool, whose roster."""

    number = forms.IntegerField(label=_("Number"), min_value=1, max_value=99_999)
    opens_at = forms.DateTimeField(label=_("Opens"), widget=forms.DateTimeInput({"type": "datetime-local"}, LOCAL))
    closes_at = forms.DateTimeField(label=_("Closes"), widget=forms.DateTimeInput({"type": "datetime-local"}, LOCAL))
    pool_size = forms.TypedChoiceField(label=_("Swabs in one tube"), coerce=int, initial=20,
                                       choices=[(size, str(size)) for size in POOL_SIZES])

    enterprises = forms.MultipleChoiceField(label=_("Chosen enterprises"), required=False,
                                            widget=forms.CheckboxSelectMultiple)
    posts = forms.MultipleChoiceField(label=_("Chosen posts"), required=False, widget=forms.CheckboxSelectMultiple)
    key_posts_only = forms.BooleanField(label=_("Key posts only"), required=False)
    reason = forms.CharField(label=_("Why these"), required=False, max_length=300,
                             help_text=_("Needed where the round is not for everybody; everybody who is owed can read it."))

    def __init__(self, *given: Any, park: Park, actor: Actor, **named: Any) -> None:
        super().__init__(*given, **named)
        self.park = park
        self.things, over = _rosters(park, actor, own=True)
        self.fields["over"] = over
        self.firms = {str(unit.uid): unit for unit in self.things.values()
                      if isinstance(unit, Unit) and actor.may(Can.OPEN_ROUNDS, over=unit)}
        self.fields["enterprises"].choices = [  # type: ignore[attr-defined]
            (uid, unit.name) for uid, unit in self.firms.items()]
        self.fields["posts"].choices = [(post, post) for post in posts_on(park, today_in(park))]  # type: ignore[attr-defined]

    @property
    def may_open(self) -> bool:
        """Is there any roster for which the actor may open a round?"""
        return bool(self.things) or not self.fields["over"].required

    @property
    def hours_and_roster(self) -> list[forms.BoundField]:
        """The fields of every round; those of a targeted one stand by themselves."""
        return [self[name] for name in ("number", "opens_at", "closes_at", "pool_size", "over")]

    @classmethod
    def proposing(cls, number: int, *, park: Park, actor: Actor, asked: QueryDict) -> "RoundForm":
        """The form as it opens: the next number, this morning's hours, and the target that an address names."""
        opens, closes = _hours_proposed(clock.now().astimezone(park.zone).replace(tzinfo=None))
        return cls(park=park, actor=actor, initial={
            "number": number, "opens_at": opens, "closes_at": closes,
            "enterprises": _listed(asked, "enterprises"), "posts": _listed(asked, "posts"),
            "key_posts_only": asked.get("key_posts") == "1", "reason": asked.get("reason", "")[:300]})

    def full_clean(self) -> None:
        with timezone.override(self.park.zone):
            super().full_clean()

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        given = self.cleaned_data
        chosen = given.get("enterprises") or given.get("posts") or given.get("key_posts_only")
        if chosen and not given.get("reason", "").strip() and "reason" not in self.errors:
            self.add_error("reason", RoundNeedsReason.message)
        if given.get("closes_at") and given["closes_at"] <= clock.now() and "closes_at" not in self.errors:
            self.add_error("closes_at", RoundOver.message)
        return cleaned

    def asked(self) -> dict[str, Any]:
        """What the action takes."""
        given = self.cleaned_data
        target = Target(enterprises=[self.firms[uid] for uid in given["enterprises"]], posts=given["posts"],
                        key_posts_only=given["key_posts_only"], reason=given["reason"])
        return {name: given[name] for name in ("number", "opens_at", "closes_at", "pool_size")} | _over(
            self.things, given["over"]) | {"target": target}


def _hours_proposed(now: datetime) -> tuple[datetime, datetime]:
    """This morning's hours while they last; later in the day, four hours from the last half hour."""
    if now.time() < CLOSES:
        return datetime.combine(now.date(), OPENS), datetime.combine(now.date(), CLOSES)
    opens = now.replace(minute=now.minute // 30 * 30, second=0, microsecond=0)
    return opens, opens + (datetime.combine(now.date(), CLOSES) - datetime.combine(now.date(), OPENS))


def _listed(asked: QueryDict, name: str) -> list[str]:
    """What an address names under one word: once for each, or with commas between."""
    return [part.strip() for text in asked.getlist(name) for part in text.split(",") if part.strip()]


class ScanForm(forms.Form):
    """One swab typed in by hand, for browsers without scripts."""

    round = forms.IntegerField(min_value=1, max_value=99_999)
    point = forms.CharField(max_length=120)
    tube = forms.CharField(max_length=40)
    id_number = forms.CharField(max_length=300)          # an ID number, or what a badge's code says
    scan_id = forms.CharField(max_length=64, initial=lambda: str(uuid4()))

    def scan(self) -> Scan:
        """What the action takes: a badge's code is told from an ID number by its shape."""
        given = dict(self.cleaned_data)
        if badge_codes.read(given["id_number"]):
            given["code"] = given.pop("id_number")
        return Scan(**given)


class ResultForm(forms.Form):
    """What the laboratory says of one tube, where it says it on the phone or on paper."""

    tube = forms.CharField(label=_("Tube"), max_length=LONGEST_CODE, widget=forms.TextInput(attrs={
        "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "form-control mono"}))
    value = forms.ChoiceField(label=_("Result"), choices=[("", "—"), *ResultValue.choices])
    reported_at = forms.DateTimeField(label=_("Reported at"), widget=forms.DateTimeInput({"type": "datetime-local"}, LOCAL))

    def __init__(self, *given: Any, park: Park, **named: Any) -> None:
        super().__init__(*given, **named)
        self.park = park

    @classmethod
    def proposing(cls, tube: str, *, park: Park) -> "ResultForm":
        """The form as it opens: the tube that an address names, and now."""
        return cls(park=park, initial={"tube": tube[:LONGEST_CODE], "reported_at": clock.now().astimezone(park.zone)
                                       .replace(tzinfo=None)})

    def full_clean(self) -> None:
        with timezone.override(self.park.zone):
            super().full_clean()

    def clean_tube(self) -> str:
        """The code of a tube that is known here."""
        code = str(self.cleaned_data["tube"]).strip()
        if not Tube.objects.filter(park=self.park, code=code).exists():
            raise forms.ValidationError(TubeUnknown.message % {"tube": code})
        return code

    def clean_reported_at(self) -> datetime:
        """Not in the future."""
        at: datetime = self.cleaned_data["reported_at"]
        if at > clock.now() + SKEW:
            raise forms.ValidationError(ResultFromTheFuture.message % {"reported_at": f"{at:{LOCAL}}"})
        return at

    def report(self) -> Report:
        """What the action takes."""
        given = self.cleaned_data
        return Report(tube=given["tube"], value=given["value"], reported_at=given["reported_at"])


class FileForm(forms.Form):
    """A file of scans or results."""

    file = forms.FileField(label=_("File"))
