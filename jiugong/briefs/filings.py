"""What a body's daily form is prefilled with: the system's own figures over the ground that the body answers for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from jiugong.briefs.figures import BY_KEY, Figure
from jiugong.briefs.filed import Owing, reach_of
from jiugong.briefs.models import FiledFigure
from jiugong.briefs.scope import scope_of


@dataclass(frozen=True, kw_only=True)
class Prefilled:
    """One line of the form: the figure, what the system counts now, and what was filed before."""

    figure: Figure
    counted: int
    filed: FiledFigure | None

    @property
    def value(self) -> int:
        """What stands in the field: the filed number where somebody corrected it, else what the system counts now."""
        return self.filed.value if self.filed and self.filed.off else self.counted


def counted_for(owing: Owing, day: date) -> Mapping[str, int]:
    """What the system counts for a body on a day, now."""
    scope = scope_of(owing.body.park, day, day, reach=reach_of(owing.grounds, day))
    return {key: BY_KEY[key].count(scope) for key in owing.keys if key in BY_KEY}


def form_of(owing: Owing, day: date) -> list[Prefilled]:
    """The form of a body for a day."""
    counted = counted_for(owing, day)
    filed = {each.key: each for each in owing.filing.figures.all()} if owing.filing else {}
    return [Prefilled(figure=BY_KEY[key], counted=counted[key], filed=filed.get(key)) for key in counted]
