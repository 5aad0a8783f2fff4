"""What is refused of tube sheets on paper, and of lines that are entered from them."""

from django.utils.translation import gettext_lazy as _

from jiugong.lib.refusal import Refusal


class SheetsMisshapen(Refusal):
    code = "screening.sheets_misshapen"
    message = _("%(field)s is missing or does not have its shape. Correct it and print again.")


class SheetsOfNobody(Refusal):
    code = "screening.sheets_of_nobody"
    message = _("Nobody of %(unit)s is on duty on the day of the round. Choose another team, or print empty lines.")


class SheetRunUnknown(Refusal):
    code = "screening.sheet_run_unknown"
    message = _("These sheets were not printed here. Print new ones.")


class NameUnknown(Refusal):
    code = "screening.name_unknown"
    message = _("%(name)s is not on the roster of that day. Type the ID number; he is kept as a walk-in if nobody has it.")


class NameShared(Refusal):
    code = "screening.name_shared"
    message = _("%(count)s people are called %(name)s. Add the last four characters of the ID number.")
