"""Every kind of evidence: about whom or what it is, how it is read, and what else meets a duty that asks for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from jiugong.duties.logic.cleaning import (
    read_disinfection,
    read_hygiene_check,
    read_standing_water,
    read_waste_transfer,
)
from jiugong.duties.logic.health import read_antigen, read_health_report, read_temperature, read_vaccination
from jiugong.duties.logic.learning import read_drill, read_training
from jiugong.duties.logic.returnees import read_returnee_list
from jiugong.duties.logic.shapes import Data, Parameters, Read

Reader = Callable[[Data, Parameters], Read]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of evidence. `about` is the subject for which pages offer it; `met_by` are kinds that serve as well.

    `checked`: it counts only once somebody else has checked it and found it good. `by_rules`: how it is read depends
    on the park's rules of that day.
    """

    about: str
    read: Reader
    met_by: tuple[str, ...] = ()
    checked: bool = False
    by_rules: bool = False


KINDS: Mapping[str, Kind] = {
    "health_report": Kind(about="person", read=read_health_report),
    "temperature": Kind(about="person", read=read_temperature, met_by=("health_report",)),
    "antigen": Kind(about="person", read=read_antigen),
    "vaccination": Kind(about="person", read=read_vaccination),
    "training": Kind(about="person", read=read_training, by_rules=True),
    "disinfection": Kind(about="place", read=read_disinfection, checked=True, by_rules=True),
    "drill": Kind(about="unit", read=read_drill),
    "hygiene_check": Kind(about="unit", read=read_hygiene_check),
    "standing_water": Kind(about="unit", read=read_standing_water),
    "waste_transfer": Kind(about="unit", read=read_waste_transfer),
    "returnee_list": Kind(about="unit", read=read_returnee_list),
}


def meeting(kind: str) -> tuple[str, ...]:
    """The kinds of evidence that meet a duty which asks for one kind, itself first."""
    return (kind, *KINDS[kind].met_by) if kind in KINDS else (kind,)


def must_be_checked(kind: str) -> bool:
    """Does evidence of this kind count only once it was checked?"""
    return kind in KINDS and KINDS[kind].checked
