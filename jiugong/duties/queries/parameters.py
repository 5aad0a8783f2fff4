"""The values by which evidence is read: what the park's rules say on a day, by their keys in the pack."""

from datetime import date

from jiugong.duties.logic import Parameters
from jiugong.policy import Parameter
from jiugong.registry.models import Park
from jiugong.rulebook.queries.releases import in_force, release_on, supplements_on


def parameters_on(park: Park, day: date) -> Parameters:
    """Every parameter that holds in a park on a day, as `logic.advice` and the readers of evidence take them."""
    rules = in_force(release_on(park, day), day, supplements_on(park, day))
    return {key: each.dated.value for key, each in rules.items() if isinstance(each.rule, Parameter)}


class Values:
    """The parameters of a park on several days, each day asked once."""

    def __init__(self, park: Park) -> None:
        self.park = park
        self._known: dict[date, Parameters] = {}

    def on(self, day: date) -> Parameters:
        """The parameters of a day."""
        if day not in self._known:
            self._known[day] = parameters_on(self.park, day)
        return self._known[day]
