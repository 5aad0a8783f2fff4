"""When this happens, that follows: the whole response of a park on one page.

Rooms tell; this page listens. Reactions run in the transaction of what happened, in the order in which they stand
here; they call actions, never models.
"""

from jiugong.closing.happenings import ClosedDayTouched, DayClosed
from jiugong.lasting.happenings import Restored
from jiugong.lib.acting import keeper, on
from jiugong.registry.happenings import PersonHired, RosterImported
from jiugong.rulebook.happenings import RulesChanged
from jiugong.screening.actions.permits import ask_the_rules_again
from jiugong.screening.actions.retests import open_retests
from jiugong.screening.actions.walk_ins import match_walk_ins
from jiugong.screening.happenings import ResultCorrected, RetestAnswered, TubeInvalid, TubePositive, TubeSuspicious
from jiugong.screening.queries.positive import number_in, positive_tube
from jiugong.tracing.actions import history
from jiugong.tracing.actions.flagged import match_again
from jiugong.tracing.actions.incidents import Swab, correct_tube, hear_retest, open_incident


@on(TubePositive)
def everyone_in_a_positive_tube_is_sampled_alone(told: TubePositive) -> None:
    open_retests(told.result_id, actor=keeper())


@on(TubeSuspicious)
def everyone_in_a_suspicious_tube_is_sampled_alone(told: TubeSuspicious) -> None:
    open_retests(told.result_id, actor=keeper())


@on(TubePositive)
def everyone_in_a_positive_tube_is_to_be_held(told: TubePositive) -> None:
    _open_an_incident(told)


@on(TubeSuspicious)
def everyone_in_a_suspicious_tube_is_to_be_held(told: TubeSuspicious) -> None:
    _open_an_incident(told)


def _open_an_incident(told: TubePositive | TubeSuspicious) -> None:
    tube = positive_tube(told.tube_id)
    if not tube.is_retest:
        open_incident(tube.park, tube=tube.code, result_number=told.result_id, told_at=told.at, unit=tube.unit, actor=keeper(),
                      swabs=[Swab(**vars(member)) for member in tube.members])


@on(RetestAnswered)
def a_single_retest_ends_the_hold_or_makes_a_suspected_case(told: RetestAnswered) -> None:
    number = "" if told.person_id else number_in(told.specimen_id)
    hear_retest(told.park_id, person_id=told.person_id, id_number=number, value=told.value, sampled_at=told.sampled_at,
                reported_at=told.at, actor=keeper())


@on(ResultCorrected)
def who_was_held_only_for_a_tube_that_is_negative_is_released(told: ResultCorrected) -> None:
    tube = positive_tube(told.tube_id)
    correct_tube(tube.park, tube=tube.code, at=told.at, actor=keeper())


@on(TubeInvalid)
def everyone_in_an_invalid_tube_is_sampled_again(told: TubeInvalid) -> None:
    open_retests(told.result_id, actor=keeper())


@on(RosterImported)
def walk_ins_whom_the_roster_knows_now_get_their_names(told: RosterImported) -> None:
    match_walk_ins(told.park_id, actor=keeper())


@on(PersonHired)
def a_walk_in_who_was_hired_gets_his_name(told: PersonHired) -> None:
    match_walk_ins(told.park_id, actor=keeper())


@on(RosterImported)
def who_was_flagged_and_stands_on_the_roster_now_is_found(told: RosterImported) -> None:
    match_again(told.park_id, actor=keeper())


@on(PersonHired)
def who_was_flagged_and_was_hired_is_found(told: PersonHired) -> None:
    match_again(told.park_id, actor=keeper())


@on(RulesChanged)
def whether_training_is_needed_to_scan_is_asked_again(told: RulesChanged) -> None:
    ask_the_rules_again(told.park_id)


@on(DayClosed)
def a_closed_day_is_written_into_the_history(told: DayClosed) -> None:
    history.hear_that_a_day_closed(told.park_id, told.day, actor=keeper())


@on(ClosedDayTouched)
def what_comes_late_is_written_into_the_history_too(told: ClosedDayTouched) -> None:
    history.hear_that_a_closed_day_was_touched(told.park_id, told.day, removed=told.removed)


@on(Restored)
def the_history_of_closed_days_is_made_again_from_the_rows(told: Restored) -> None:
    history.make_everything_again(actor=keeper())
