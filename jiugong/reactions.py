"""When this happens, that follows: the whole response of a park on one page.

Rooms tell; this page listens. Reactions run in the transaction of what happened, in the order in which they stand
here; they call actions, never models.
"""

from jiugong.lib.acting import keeper, on
from jiugong.registry.happenings import PersonHired, RosterImported
from jiugong.rulebook.happenings import RulesChanged
from jiugong.screening.actions.permits import ask_the_rules_again
from jiugong.screening.actions.retests import open_retests
from jiugong.screening.actions.walk_ins import match_walk_ins
from jiugong.screening.happenings import TubeInvalid, TubePositive, TubeSuspicious


@on(TubePositive)
def everyone_in_a_positive_tube_is_sampled_alone(told: TubePositive) -> None:
    open_retests(told.result_id, actor=keeper())


@on(TubeSuspicious)
def everyone_in_a_suspicious_tube_is_sampled_alone(told: TubeSuspicious) -> None:
    open_retests(told.result_id, actor=keeper())


@on(TubeInvalid)
def everyone_in_an_invalid_tube_is_sampled_again(told: TubeInvalid) -> None:
    open_retests(told.result_id, actor=keeper())


@on(RosterImported)
def walk_ins_whom_the_roster_knows_now_get_their_names(told: RosterImported) -> None:
    match_walk_ins(told.park_id, actor=keeper())


@on(PersonHired)
def a_walk_in_who_was_hired_gets_his_name(told: PersonHired) -> None:
    match_walk_ins(told.park_id, actor=keeper())


@on(RulesChanged)
def whether_training_is_needed_to_scan_is_asked_again(told: RulesChanged) -> None:
    ask_the_rules_again(told.park_id)
