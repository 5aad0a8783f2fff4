"""The rows behind every figure, and their number without fetching them: nouns only, one pair for each figure.

A row is a `Line`: facts that anybody who may see the figure may read, and at most one person or walk-in whose number
is shown masked, or in full to somebody who gave a reason.
"""

from jiugong.briefs.rows.duties import (
    count_duties_done,
    count_duties_excused,
    count_duties_missing,
    count_duties_owed,
    duties_done,
    duties_excused,
    duties_missing,
    duties_owed,
)
from jiugong.briefs.rows.line import Line, with_numbers
from jiugong.briefs.rows.registry import (
    count_enterprises,
    count_officers,
    count_on_duty,
    count_people,
    count_task_groups,
    count_unanswered,
    enterprises,
    officers,
    on_duty,
    people,
    task_groups,
    unanswered,
)
from jiugong.briefs.rows.rounds import (
    count_excused,
    count_missing,
    count_owed,
    count_rounds,
    count_sampled,
    excused,
    missing,
    owed,
    rounds,
    sampled,
)
from jiugong.briefs.rows.tubes import (
    count_person_tests,
    count_retests_open,
    count_tubes,
    count_tubes_not_negative,
    count_tubes_reported,
    count_unknown_scanners,
    count_walk_ins,
    person_tests,
    retests_open,
    tubes,
    tubes_not_negative,
    tubes_reported,
    unknown_scanners,
    walk_ins,
)

__all__ = [
    "Line", "count_duties_done", "count_duties_excused", "count_duties_missing", "count_duties_owed",
    "count_enterprises", "count_excused", "count_missing", "count_officers", "count_on_duty", "count_owed",
    "count_people", "count_person_tests", "count_retests_open", "count_rounds", "count_sampled", "count_task_groups",
    "count_tubes", "count_tubes_not_negative", "count_tubes_reported", "count_unanswered", "count_unknown_scanners",
    "count_walk_ins", "duties_done", "duties_excused", "duties_missing", "duties_owed", "enterprises", "excused",
    "missing", "officers", "on_duty", "owed", "people", "person_tests", "retests_open", "rounds", "sampled",
    "task_groups", "tubes", "tubes_not_negative", "tubes_reported", "unanswered", "unknown_scanners", "walk_ins",
    "with_numbers",
]
