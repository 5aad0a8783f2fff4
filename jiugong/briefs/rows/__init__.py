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
from jiugong.briefs.rows.filings import (
    count_filings,
    count_filings_differing,
    count_filings_missing,
    filings,
    filings_differing,
    filings_missing,
)
from jiugong.briefs.rows.line import Line, with_numbers
from jiugong.briefs.rows.registry import (
    badges,
    count_badges,
    count_enterprises,
    count_hired,
    count_left,
    count_officers,
    count_on_duty,
    count_people,
    count_people_at_building_sites,
    count_task_groups,
    count_unanswered,
    enterprises,
    hired,
    left,
    officers,
    on_duty,
    people,
    people_at_building_sites,
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
from jiugong.briefs.rows.rulebook import (
    count_key_enterprises,
    count_plans,
    count_plans_due,
    count_supplements,
    key_enterprises,
    plans,
    plans_due,
    supplements,
)
from jiugong.briefs.rows.rules import count_duties_in_rulebook, count_stricter, duties_in_rulebook, stricter
from jiugong.briefs.rows.sampling import (
    count_enterprises_short,
    count_enterprises_with_point_due,
    count_people_owed,
    count_people_sampled,
    count_points,
    count_points_at_enterprises,
    count_self_sampled,
    enterprises_short,
    enterprises_with_point_due,
    people_owed,
    people_sampled,
    points,
    points_at_enterprises,
    self_sampled,
)
from jiugong.briefs.rows.scores import (
    count_enterprises_green,
    count_enterprises_red,
    enterprises_green,
    enterprises_red,
)
from jiugong.briefs.rows.tubes import (
    count_flagged_scans,
    count_person_tests,
    count_retests_open,
    count_tubes,
    count_tubes_late,
    count_tubes_not_negative,
    count_tubes_reported,
    count_unknown_scanners,
    count_walk_ins,
    flagged_scans,
    person_tests,
    retests_open,
    tubes,
    tubes_late,
    tubes_not_negative,
    tubes_reported,
    unknown_scanners,
    walk_ins,
)

__all__ = [
    "count_key_enterprises", "count_plans", "count_plans_due", "count_supplements", "key_enterprises", "plans", "plans_due",
    "supplements",
    "Line", "badges", "count_badges", "count_duties_done", "count_duties_excused", "count_duties_in_rulebook",
    "count_duties_missing",
    "count_duties_owed", "count_enterprises", "count_enterprises_green", "count_enterprises_red", "count_excused",
    "count_filings", "count_filings_differing", "count_filings_missing", "count_hired", "count_left", "count_missing",
    "count_officers", "count_on_duty", "count_owed", "count_people", "count_people_at_building_sites",
    "people_at_building_sites", "count_person_tests", "count_retests_open",
    "count_rounds", "count_sampled", "count_stricter", "count_task_groups", "count_tubes", "count_tubes_not_negative",
    "count_tubes_reported", "count_unanswered", "count_unknown_scanners", "count_walk_ins", "duties_done",
    "duties_excused", "duties_in_rulebook", "duties_missing", "duties_owed", "enterprises", "enterprises_green",
    "enterprises_red", "excused", "filings", "filings_differing", "filings_missing", "hired", "left", "missing",
    "officers", "on_duty", "owed", "people", "person_tests", "retests_open", "rounds", "sampled", "stricter",
    "task_groups", "tubes", "tubes_not_negative", "tubes_reported", "unanswered", "unknown_scanners", "walk_ins",
    "with_numbers",
    "count_tubes_late", "tubes_late", "count_flagged_scans", "flagged_scans", "count_self_sampled", "self_sampled",
    "count_enterprises_short", "enterprises_short", "count_enterprises_with_point_due", "enterprises_with_point_due",
    "count_people_owed", "count_people_sampled", "count_points", "count_points_at_enterprises",
    "people_owed", "people_sampled", "points", "points_at_enterprises",
]
