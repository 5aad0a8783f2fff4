"""What yesterday's brief said, remembered until anything is written about it: today's page asks for it at every look.

Whatever changes a figure leaves a row behind: an entry in the journal, or a row of a list that is only appended to. So
the numbers of the last rows tell what was written since; and of what happens all day long, only what happened before the
end of that day concerns it. A figure of a day that is over depends on nothing else.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from datetime import datetime
from threading import Lock

from django.db.models import Max, Model

from jiugong.briefs.figures import BY_KEY
from jiugong.briefs.models import Filing
from jiugong.briefs.queries import Composed
from jiugong.briefs.scope import Scope
from jiugong.duties.models import Evidence
from jiugong.journal.models import Entry
from jiugong.rulebook.queries import release_on
from jiugong.screening.models import Result, Specimen, Undo

# what is appended to, and the column that says when it happened; without one, every row may concern every day
APPENDED: Mapping[type[Model], str] = {Entry: "", Filing: "", Evidence: "happened_at", Specimen: "sampled_at",
                                       Undo: "specimen__sampled_at", Result: "reported_at"}
Last = Mapping[type[Model], int]
MOST = 200                                                       # parks and days that are kept in mind
_kept: "OrderedDict[tuple[object, ...], tuple[Last, Mapping[str, int]]]" = OrderedDict()
_one_at_a_time = Lock()


def brief_of_today(scope: Scope, keys: Iterable[str]) -> Composed:
    """The figures of a period, now; those of the day before are counted again only when anything was written about them."""
    yesterday, keys = scope.until_the_day_before(), tuple(keys)
    before = _remembered(yesterday, keys) if yesterday.is_over else _counted(yesterday, keys)
    return Composed(scope=scope, figures=_counted(scope, keys), before=before)


def _counted(scope: Scope, keys: Iterable[str]) -> dict[str, int]:
    return {key: BY_KEY[key].count(scope) for key in keys}


def _remembered(scope: Scope, keys: tuple[str, ...]) -> Mapping[str, int]:
    release = release_on(scope.park, scope.last)
    rules = release.fingerprint.effect if release else ""
    written = {model: _last(model) for model in APPENDED}
    asked = (scope.park.uid, scope.first, scope.last, scope.reach, keys, rules)
    with _one_at_a_time:
        kept = _kept.get(asked)
    if kept and not any(_concerns(scope.end, model, kept[0][model], written[model]) for model in APPENDED):
        figures = kept[1]
    else:
        figures = _counted(scope, keys)
    with _one_at_a_time:
        _kept[asked] = written, figures
        _kept.move_to_end(asked)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return figures


def _concerns(end: datetime, model: type[Model], before: int, now: int) -> bool:
    """Was anything written between these two numbers that happened before the end of the period?"""
    if before == now or not APPENDED[model]:
        return before != now
    rows = model._default_manager.filter(pk__gt=before, **{f"{APPENDED[model]}__lt": end})
    return now < before or rows.exists()


def _last(model: type[Model]) -> int:
    highest: int | None = model._default_manager.aggregate(highest=Max("pk"))["highest"]
    return highest or 0
