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


class ReminderTooEarly(Refusal):
    code = "briefs.reminder_too_early"
    message = _("%(title)s opens at %(opens)s. Nobody is missing before that; remind people then.")


class BriefOfDaysToCome(Refusal):
    code = "briefs.days_to_come"
    message = _("%(last)s has not begun yet. Publish a brief of days up to today.")


class BriefIdReused(Refusal):
    code = "briefs.client_id_reused"
    message = _("%(client_id)s was sent before with other content. Give every brief and every filing an id of its own.")


class LanguageUnknown(Refusal):
    code = "briefs.language_unknown"
    message = _("A brief is written in zh-hans or in en, not in %(language)s.")


class PaperUnknown(Refusal):
    code = "briefs.paper_unknown"
    message = _("A brief comes as pdf, docx or xlsx, not as %(kind)s.")


class FiguresMissing(Refusal):
    code = "briefs.figures_missing"
    message = _("The filing lacks %(figures)s. File every figure that is asked of the body.")


class FigureNotAsked(Refusal):
    code = "briefs.figure_not_asked"
    message = _("%(figure)s is not asked of this body. Add it to its figures first.")


class FigureMisshapen(Refusal):
    code = "briefs.figure_misshapen"
    message = _("%(figure)s is a whole number from 0 to %(most)s. Correct it.")


class WhyNeeded(Refusal):
    code = "briefs.why_needed"
    message = _("%(figure)s differs from what the system counts (%(counted)s). Say why, in up to %(most)s characters.")


class NotFiledAhead(Refusal):
    code = "briefs.not_filed_ahead"
    message = _("%(day)s has not begun yet. Figures are filed for days up to today.")


class BodyNotThere(Refusal):
    code = "briefs.body_not_there"
    message = _("%(body)s does not exist on %(day)s. Choose a day on which it does.")


class NothingToFile(Refusal):
    code = "briefs.nothing_to_file"
    message = _("No figures are asked of %(body)s. Choose some for it first.")
