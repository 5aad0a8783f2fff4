"""What screening refuses, and the sentence for each cell that is wrong in a file of scans or results.

Long because each refusal says what is wrong and what to do.
"""

from django.utils.translation import gettext_lazy as _

from jiugong.lib.refusal import Refusal
from jiugong.lib.sheets import Problem


class RoundUnknown(Refusal):
    code = "screening.round_unknown"
    message = _("This park has no round %(round)s. Its rounds: %(known)s.")


class RoundExists(Refusal):
    code = "screening.round_exists"
    message = _("There is already a round %(round)s. Take the next number.")


class RoundWithdrawn(Refusal):
    code = "screening.round_withdrawn"
    message = _("Round %(round)s was opened by mistake and is withdrawn. Choose the round that is under way.")


class RoundHasSwabs(Refusal):
    code = "screening.round_has_swabs"
    message = _("Round %(round)s has tubes with swabs already, so it stays. What was scanned by mistake is undone scan by scan.")


class WithdrawalNeedsReason(Refusal):
    code = "screening.withdrawal_needs_reason"
    message = _("Say in a few words why the round is withdrawn, in %(most)s signs at most.")


class RoundTooShort(Refusal):
    code = "screening.round_too_short"
    message = _("The round closes before it opens. Set a later end.")


class RoundNeedsReason(Refusal):
    code = "screening.round_needs_reason"
    message = _("A round for chosen enterprises or posts needs a reason. Say in a few words why these.")


class RoundOver(Refusal):
    code = "screening.round_over"
    message = _("This end has passed: a round opened now would be over at once. Choose a later end.")


class RoundOfNobody(Refusal):
    code = "screening.round_of_nobody"
    message = _("On %(day)s nobody is on duty among those chosen. Choose other enterprises or posts, or another day.")


class PostsUnknown(Refusal):
    code = "screening.posts_unknown"
    message = _("On %(day)s nobody on duty has the post %(posts)s. Choose posts that stand on the roster.")


class NotInTube(Refusal):
    code = "screening.not_in_tube"
    message = _("This person has no swab in tube %(tube)s. Check the number and the tube.")


class RetestNotOpen(Refusal):
    code = "screening.retest_not_open"
    message = _("Nobody in tube %(tube)s waits for a single retest: it was not reported as positive, suspicious or invalid.")


class PoolNotValidated(Refusal):
    code = "screening.pool_not_validated"
    message = _("A tube holds 1, 5, 10 or 20 swabs; pools of %(size)s have not been validated and may miss people, as pooling "
                "tubes again in the laboratory does (National Health Commission, 2022-06-09). Choose one of the four.")


class PrevalenceImpossible(Refusal):
    code = "screening.prevalence_impossible"
    message = _("%(given)s is no prevalence. Write which part of the people is positive, above 0 and below 1: 0.001 is one "
                "in a thousand.")


class ClusteringImpossible(Refusal):
    code = "screening.clustering_impossible"
    message = _("%(given)s is no clustering. Write a number from 0 (who falls ill is independent) to 1 (whole tubes fall ill "
                "together).")


class PeopleImpossible(Refusal):
    code = "screening.people_impossible"
    message = _("%(given)s is no number of people. Write a whole number from 1 to %(most)s.")


class HoursImpossible(Refusal):
    code = "screening.hours_impossible"
    message = _("%(given)s is no number of hours. Write a number above 0 and up to %(most)s, such as 4 or 1.5.")


class PoolSizesMissing(Refusal):
    code = "screening.pool_sizes_missing"
    message = _("A size is missing between the commas. Write sizes such as 5,10,20, or leave them out to compare all four.")


class AdviceWrong(Refusal):
    code = "screening.advice_wrong"
    message = _("Several things are wrong. %(reasons)s")


class SizingNeedsPeople(Refusal):
    code = "screening.sizing_needs_people"
    message = _("Say how many people and in how many hours, or name a park and one of its rounds.")


class TubeUnknown(Refusal):
    code = "screening.tube_unknown"
    message = _("This park has no tube %(tube)s. Take in the scans first, or look at the code again.")


class TubeFull(Refusal):
    code = "screening.tube_full"
    message = _("Tube %(tube)s already holds %(capacity)s swabs. Seal it and open the next tube.")


class TubeAlreadySealed(Refusal):
    code = "screening.tube_sealed"
    message = _("Tube %(tube)s is sealed. Open the next tube.")


class TubeInOtherRound(Refusal):
    code = "screening.tube_in_other_round"
    message = _("Tube %(tube)s belongs to round %(other)s. Take an unused tube.")


class ScanIdReused(Refusal):
    code = "screening.scan_id_reused"
    message = _("Scan %(scan_id)s was sent before with other content. Give every scan an id of its own.")


class ScanMisshapen(Refusal):
    code = "screening.scan_misshapen"
    message = _("%(field)s is missing or does not have its shape. Correct it and send the scan again.")


class ScanUnknown(Refusal):
    code = "screening.scan_unknown"
    message = _("This park has no scan %(scan_id)s. It never arrived, so there is nothing to undo.")


class ScanNotYours(Refusal):
    code = "screening.scan_not_yours"
    message = _("Somebody else made this scan. Ask the person who did, or note it with the tube.")


class TubeClosedToUndoing(Refusal):
    code = "screening.tube_closed_to_undoing"
    message = _("Tube %(tube)s is sealed, so its scans stay as they are. Tell the laboratory and the park office.")


class UndoNeedsReason(Refusal):
    code = "screening.undo_needs_reason"
    message = _("Say in a few words why the scan is undone.")


class UndoMisshapen(Refusal):
    code = "screening.undo_misshapen"
    message = _("%(field)s is missing or does not have its shape. Correct it and send it again.")


class UndoIdReused(Refusal):
    code = "screening.undo_id_reused"
    message = _("Undo %(undo_id)s was sent before for another scan. Give every undo an id of its own.")


class PersonUnknown(Refusal):
    code = "screening.person_unknown"
    message = _("This park has nobody with this id. Scan the ID number instead.")


class MomentUnclear(Refusal):
    code = "screening.moment_unclear"
    message = _("%(text)s is not a moment. Write it as 2022-07-22T08:00, with an offset or in the park's own time.")


class TooManyScans(Refusal):
    code = "screening.too_many_scans"
    message = _("%(count)s scans came at once; up to %(most)s are taken. Send them in parts.")


class PointUnknown(Refusal):
    code = "screening.point_unknown"
    message = _("This park has no sampling point %(point)s. Its points: %(known)s.")


class PointNeedsName(Refusal):
    code = "screening.point_needs_name"
    message = _("A sampling point needs a name. Write the one that stands on its sign.")


class PointNeedsPlace(Refusal):
    code = "screening.point_needs_place"
    message = _("A point at an enterprise needs the enterprise. Choose it, or make it a public point.")


class PointExists(Refusal):
    code = "screening.point_exists"
    message = _("This park already has a sampling point %(point)s. Give this one another name.")


class PointHoursHalf(Refusal):
    code = "screening.point_hours_half"
    message = _("A point opens at one time of day and closes at another. Write both, or neither.")


class PointEndsTooEarly(Refusal):
    code = "screening.point_ends_too_early"
    message = _("The point would be closed before the day on which it opens. Correct one of the two days.")


class SubjectUnclear(Refusal):
    code = "screening.subject_unclear"
    message = _("A specimen is of one person, one place or one lot of goods. Name exactly one.")


class ResultUnknown(Refusal):
    code = "screening.result_unknown"
    message = _("We do not know the result %(value)s. Write one of: %(known)s.")


class ResultMisshapen(Refusal):
    code = "screening.result_misshapen"
    message = _("%(field)s is missing or does not have its shape. Correct it and send the result again.")


class ResultFromTheFuture(Refusal):
    code = "screening.result_from_the_future"
    message = _("This result was reported at %(reported_at)s, which is still to come. Correct the time.")


class TooManyResults(Refusal):
    code = "screening.too_many_results"
    message = _("%(count)s results came at once; up to %(most)s are taken. Send them in parts.")


class NoScansInFile(Refusal):
    code = "screening.no_scans_in_file"
    message = _("%(file)s does not have the headings of a list of scans "
                "(扫码ID, 轮次, 采样日期时间, 采样点, 试管编号, 身份证号).")


class NoResultsInFile(Refusal):
    code = "screening.no_results_in_file"
    message = _("%(file)s does not have the headings of a laboratory's return (试管编号, 报告时间, 结果).")


class NoPointsInFile(Refusal):
    code = "screening.no_points_in_file"
    message = _("%(file)s does not have the headings of a list of sampling points (采样点, 类型, 企业, 开放时间, 台数).")


SCAN_UNDONE = _("This scan was undone.")
ALREADY_SAMPLED = _("Already sampled in this round. Both specimens are kept.")
WALK_IN = _("Not on the roster. Kept as a walk-in and matched later.")

AFTER_SEAL = _("The tube was sealed before this scan arrived. The swab is kept and marked on the tube's page.")
OVERFULL = _("The tube holds more swabs than its size. All are kept; the park office looks at it.")
OTHER_ROUND = _("The tube belongs to another round. The swab is kept; the park office looks at it.")

SENTENCES = {
    "missing": _("This cell must not be empty. Fill it in."),
    "column_missing": _("The sheet has no column for this. Add it."),
    "too_long": _("This is longer than %(longest)s characters. Correct it."),
    "not_a_number": _("This is not a whole number. Correct it."),
    "moment_impossible": _("This moment does not exist. Write it as 2022-07-20 06:30:06."),
    "id_number_numeric": _("Excel has turned the number into a figure and lost its last digits. Format the column as "
                           "text and type it again."),
    "id_number_doubtful": _("The number cannot be right. The swab is kept as a walk-in; find out whose it is."),
    "result_unknown": _("We do not know this result. Write one of: %(known)s."),
    "tube_full": _("Tube %(tube)s would hold more than 20 swabs, which no validated tube does."),
    "tube_in_other_round": _("Tube %(tube)s belongs to round %(other)s. Correct the code or the round."),
    "tube_unknown": _("This park has no tube of this code. Take in the scans first."),
    "laboratory_not_contracted": _("%(laboratory)s has no contract for the point %(point)s on %(day)s. Ask the park office to "
                                   "enter the contract."),
    "scan_id_reused": _("This scan id came before with other content. Every scan needs an id of its own."),
    "position_taken": _("Two swabs claim position %(position)s of this tube. Both are kept."),
    "sampled_again": _("This person already has a specimen in this round. Both are kept."),
    "walk_in": _("Not on the roster. The swab is kept as a walk-in and matched as soon as the roster knows the "
                 "number."),
    "scanner_unknown": _("No person of the park has this telephone number (%(rows)s rows). Kept and flagged."),
    "tube_sealed_before": _("A result is already recorded for this tube. The swab is kept; look at the tube."),
    "swabs_differ": _("The laboratory counted %(counted)s swabs, %(bound)s were bound. Find the difference."),
    "day_impossible": _("This day does not exist. Write it as 2022-07-20."),
    "kind_unknown": _("We do not know this kind of point. Write one of: %(known)s."),
    "enterprise_missing": _("A point at an enterprise needs the enterprise. Write its name, or make the point a public one."),
    "enterprise_unknown": _("This park has no enterprise of this name. Take in the roster first, or correct the name."),
    "grid_unknown": _("This park has no grid of this name. Take in the roster first, or correct the name."),
    "hours_impossible": _("These are no opening hours. Write them as 06:00-10:00, or 全天 for the whole day."),
    "desks_impossible": _("This is no number of desks from 1 to %(most)s. Correct it, or leave it empty."),
    "until_before_since": _("The point would be closed before the day on which it opens. Correct one of the two days."),
    "point_twice": _("Row %(earlier)s says something else of the same point. Keep one of the two rows."),
    "round_differs": _("The tube belongs to round %(other)s. The result is kept with the tube."),
}


def sentence(problem: Problem) -> str:
    """What is wrong in a cell and what to do, in the language in use."""
    return str(SENTENCES[problem.code]) % problem.facts
