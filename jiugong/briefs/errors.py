"""What briefs refuse."""

from django.utils.translation import gettext_lazy as _

from jiugong.lib.refusal import Refusal


class FigureUnknown(Refusal):
    code = "briefs.figure_unknown"
    message = _("There is no figure called %(figure)s. Figures: %(known)s.")


class DaysOutOfOrder(Refusal):
    code = "briefs.days_out_of_order"
    message = _("The last day %(last)s lies before the first day %(first)s.")


class PeriodTooLong(Refusal):
    code = "briefs.period_too_long"
    message = _("A brief covers at most %(most)s days. Ask for a shorter period.")


class QuestionUnknown(Refusal):
    code = "briefs.question_unknown"
    message = _("Nobody owes %(of)s here now. Choose a round or a duty on the board.")
