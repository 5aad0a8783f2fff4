"""What tracing refuses, and the sentence for each cell that is wrong in a file of whereabouts."""

from django.utils.translation import gettext_lazy as _

from jiugong.lib.refusal import Refusal
from jiugong.lib.sheets import Problem


class NotAPresenceFile(Refusal):
    code = "tracing.not_a_presence_file"
    message = _("%(file)s has no list of whereabouts. It needs the columns 身份证号, 场所类型, 场所, 进入时间, 离开时间 and 来源.")


class TooManyRows(Refusal):
    code = "tracing.too_many_rows"
    message = _("%(count)s rows are too many at once; send %(most)s at most, and the others after them.")


class RowMisshapen(Refusal):
    code = "tracing.row_misshapen"
    message = _("The field %(field)s is missing or has not the shape that it should have. Correct it and send the row again.")


class StayOutOfOrder(Refusal):
    code = "tracing.stay_out_of_order"
    message = _("Somebody would have left before he came. Correct one of the two moments.")


class PresenceIdReused(Refusal):
    code = "tracing.presence_id_reused"
    message = _("Another stay has this id already. Make a new id for each stay.")


class SpotNameless(Refusal):
    code = "tracing.spot_nameless"
    message = _("Give the place a name of at most %(most)s characters, as people call it.")


class VenueSecondsWrong(Refusal):
    code = "tracing.venue_seconds_wrong"
    message = _("A code changes every %(known)s seconds, or is printed and never does. Choose one of them.")


class VenueCodeUnknown(Refusal):
    code = "tracing.venue_code_unknown"
    message = _("This is no code of a venue here. Scan the code on the screen at the door, whole and sharp.")


class VenueCodeWithdrawn(Refusal):
    code = "tracing.venue_code_withdrawn"
    message = _("The code at %(place)s was withdrawn. Scan the one that hangs there now, or tell who keeps the door.")


class VenueOfAnotherPark(Refusal):
    code = "tracing.venue_of_another_park"
    message = _("This code hangs in another park, where you have no page. Register at its door.")


class PictureOld(Refusal):
    code = "tracing.picture_old"
    message = _("This picture of the code at %(place)s is not the one that hangs there now. Go to the door and scan the screen "
                "itself: it changes all the time, and a picture that somebody sent on is not taken.")


class CheckInTooOld(Refusal):
    code = "tracing.check_in_too_old"
    message = _("This is more than %(hours)s hours old. Tell it to whoever keeps the park's records, who writes it down.")


class TooManyCheckIns(Refusal):
    code = "tracing.too_many_check_ins"
    message = _("More than %(most)s check-ins within an hour cannot be right. Wait a while, then scan again.")


class NotCheckedIn(Refusal):
    code = "tracing.not_checked_in"
    message = _("You are not checked in there any more. Nothing was changed.")


class PersonUnknown(Refusal):
    code = "tracing.person_unknown"
    message = _("Neither the roster nor any record of whereabouts knows this number. Check it digit by digit.")


class WindowOutOfOrder(Refusal):
    code = "tracing.window_out_of_order"
    message = _("The window ends at %(until)s, before it begins at %(since)s. Change one of the two.")


class ReasonMissing(Refusal):
    code = "tracing.reason_missing"
    message = _("Say in a few words why, in %(most)s signs at most. It is kept, and shown to the people concerned.")


class NoExposures(Refusal):
    code = "tracing.no_exposures"
    message = _("%(release)s says on %(day)s of no record in a park that it makes a contact. Trace by a release that does, or add "
                "local rules with their document.")


class NothingAdopted(Refusal):
    code = "tracing.nothing_adopted"
    message = _("On %(day)s this park has adopted no release, so nothing says who is a contact. Adopt one on the page of rules.")


class NoIncident(Refusal):
    code = "tracing.no_incident"
    message = _("This park has no incident.")


class IncidentClosed(Refusal):
    code = "tracing.incident_closed"
    message = _("Incident %(number)s is closed. What belongs to it now opens another one.")


class StillControlled(Refusal):
    code = "tracing.still_controlled"
    message = _("%(people)s orders of this incident still stand. Release or end them first.")


class DrillRunning(Refusal):
    code = "tracing.drill_running"
    message = _("A drill is going on already. End it first.")


class DrillOver(Refusal):
    code = "tracing.drill_over"
    message = _("This drill is over.")


class NobodyToPlant(Refusal):
    code = "tracing.nobody_to_plant"
    message = _("Nobody is on duty today, so there is nobody to plan a drill with. Take in the roster first.")


class NotAMember(Refusal):
    code = "tracing.not_a_member"
    message = _("This person has no swab in tube %(tube)s.")


class CaseMoved(Refusal):
    code = "tracing.case_moved"
    message = _("The case is %(stage)s, so this cannot follow. Load the page again to see what happened.")


class ToldImpossible(Refusal):
    code = "tracing.told_impossible"
    message = _("The park cannot have been told at %(at)s: not before the sample was taken (%(first)s), and not in the future.")


class ToldTooLate(Refusal):
    code = "tracing.told_too_late"
    message = _("A case rests on this time already, and its contacts are listed by it. It stays.")


class StepNotMarked(Refusal):
    code = "tracing.step_not_marked"
    message = _("%(step)s is not ticked off by hand: it has not begun, or it is read from what was done.")


class ContactIsCase(Refusal):
    code = "tracing.contact_is_case"
    message = _("This person is the case himself. Choose somebody whom he met.")


class ContactOrdered(Refusal):
    code = "tracing.contact_ordered"
    message = _("Order %(order)s over this person stands. Withdraw it first, then strike the contact.")


class MomentUnclear(Refusal):
    code = "tracing.moment_unclear"
    message = _("%(text)s is no moment. Write it as 2022-11-12T16:19.")


class OrderMoved(Refusal):
    code = "tracing.order_moved"
    message = _("The order is %(stage)s, so this cannot follow. Load the page again to see what happened.")


class OrderTakesTwo(Refusal):
    code = "tracing.order_takes_two"
    message = _("You have decided already. Whatever restricts somebody longer than the hold is decided by two people: ask another.")


class OrderSameHands(Refusal):
    code = "tracing.order_same_hands"
    message = _("Who hands somebody over does not also receive him: the other side signs.")


class WordsMissing(Refusal):
    code = "tracing.words_missing"
    message = _("Write it in your own words, in %(most)s signs at most.")


class NothingToAnswer(Refusal):
    code = "tracing.nothing_to_answer"
    message = _("Nobody has objected to this order.")


class ReleaseTooEarly(Refusal):
    code = "tracing.release_too_early"
    message = _("This cannot be released yet: %(because)s.")


class OrderAgainstOnesOwn(Refusal):
    code = "tracing.order_over_oneself"
    message = _("Nobody decides an order over himself. Ask another officer.")


class NotAFlaggedFile(Refusal):
    code = "tracing.not_a_flagged_file"
    message = _("%(file)s has no list of flagged people. It needs the columns 姓名, 身份证号 or 手机号, 推送单位, 推送时间 and "
                "风险原因.")


class NotARiskAreaFile(Refusal):
    code = "tracing.not_a_risk_area_file"
    message = _("%(file)s has no list of areas at risk. It needs the columns 地区, 风险等级 and 开始日期.")


class NotAStayFile(Refusal):
    code = "tracing.not_a_stay_file"
    message = _("%(file)s has no list of stays. It needs the columns 身份证号, 旅居地 and 离开日期.")


class FlagMoved(Refusal):
    code = "tracing.flag_moved"
    message = _("This stands at %(stage)s, so that cannot follow. Load the page again to see what happened.")


class FlagNotControlled(Refusal):
    code = "tracing.flag_not_controlled"
    message = _("The rules of %(day)s control nobody for this, or the list gives no day of leaving, or its time is over. Say what "
                "else was done.")


class StayMisshapen(Refusal):
    code = "tracing.stay_misshapen"
    message = _("Say where, and from which day to which; the days are over, and the first comes first.")


class StayIdReused(Refusal):
    code = "tracing.stay_id_reused"
    message = _("This id stands for another stay. Load the page again and write it once more.")


class NothingTold(Refusal):
    code = "tracing.nothing_told"
    message = _("Nothing was said yet about where this person was. Ask first, then decide.")


class QuietPeriodUnknown(Refusal):
    code = "tracing.quiet_period_unknown"
    message = _("No rule of %(day)s says how long a quiet period lasts. Adopt a release that does, or add a local rule with its "
                "document.")


class QuietCheckUnclear(Refusal):
    code = "tracing.quiet_check_unclear"
    message = _("A check says whether somebody was where he stays, of a day of his quiet period that is not yet to come.")


SENTENCES = {
    "missing": _("This cell must not be empty. Fill it in."),
    "column_missing": _("The sheet has no column for this. Add it."),
    "too_long": _("This is longer than %(longest)s characters. Correct it."),
    "moment_impossible": _("This moment does not exist. Write it as 2022-11-12 16:19:00."),
    "left_before_entered": _("Somebody would have left before he came. Correct one of the two moments."),
    "id_number_numeric": _("Excel has turned the number into a figure and lost its last digits. Format the column as text and type "
                           "it again."),
    "id_number_doubtful": _("The number cannot be right. The stay is kept and stands on the list of what is to be verified."),
    "kind_unknown": _("We do not know this kind of place. The stay is kept as another venue and gives no ground of contact."),
    "not_on_roster": _("Not on the roster. The stay is kept and stands on the list of what is to be verified."),
    "day_impossible": _("This day does not exist. Write it as 2022-11-12."),
    "nothing_to_match": _("Neither an ID number nor a phone: nobody can be found by the name alone. Add one of the two."),
    "left_after_told": _("Somebody would have left after it was told. Correct one of the two days."),
    "flagged_number_doubtful": _("The number cannot be right, so that it finds nobody. The line is kept; ask whoever told."),
    "phone_doubtful": _("This is no phone number. The line is kept without it."),
    "name_differs": _("The number is on our roster under another name. Found by the number; look at both names."),
    "risk_level_unknown": _("We do not know this level. Write 高风险, 中风险 or 低风险."),
    "ended_before_begun": _("The area would be no longer at risk before it is. Correct one of the two days."),
    "area_code_impossible": _("A code of the administrative divisions has digits alone, %(longest)s at most. Correct it."),
    "left_before_arrived": _("Somebody would have left before he arrived. Correct one of the two days."),
    "not_yet": _("This day is still to come. Write where somebody was."),
    "stay_of_nobody": _("Not on the roster. Enter him first, then take in the list again."),
    "end_assumed": _("Nobody scanned out. The end is assumed: %(minutes)s minutes after the beginning."),
}


def sentence(problem: Problem) -> str:
    """What is wrong in a cell and what to do, in the language in use."""
    return str(SENTENCES[problem.code]) % problem.facts
