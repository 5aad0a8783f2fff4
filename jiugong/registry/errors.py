"""What the registry refuses, and the sentence for each cell that is wrong in a sheet."""

from django.utils.translation import gettext_lazy as _

from jiugong.lib.refusal import Refusal
from jiugong.registry.logic.facts import Problem


class NotHere(Refusal):
    """What is hidden and what does not exist look the same."""

    code = "registry.not_here"
    message = _("There is nothing here that you can see. Look for it from the start page.")


class ParkUnknown(NotHere):
    code = "registry.park_unknown"
    message = _("There is no park called %(park)s here. Check the name, or add --create-park to an import.")


class ParkNameWrong(Refusal):
    code = "registry.park_name_wrong"
    message = _("A park's name has 1 to %(longest)s characters.")


class ParkUnclear(Refusal):
    code = "registry.park_unclear"
    message = _("You see %(count)s parks. Say which one you mean: add its name or id as `park`.")


class NoRosterInFile(Refusal):
    code = "registry.no_roster_in_file"
    message = _("%(file)s has no sheet with the headings of 企业信息, 人员台账 or 责任人. "
                "Save a mapping for its headings.")


class MappingUnknown(Refusal):
    code = "registry.mapping_unknown"
    message = _("This park has no saved mapping called %(mapping)s. Saved here: %(saved)s.")


class MappingWrong(Refusal):
    code = "registry.mapping_wrong"
    message = _("The mapping speaks of %(wrong)s, which our sheets do not have. "
                "Name our headings as the roster writes them.")


class UploadGone(Refusal):
    code = "registry.upload_gone"
    message = _("This upload is no longer here: it was taken already, or a day has passed. Send the file again.")


class UploadTooLarge(Refusal):
    code = "registry.upload_too_large"
    message = _("%(file)s has %(megabytes)s MB; files up to %(most)s MB are taken. Split it.")


class ReasonNeeded(Refusal):
    code = "registry.reason_needed"
    message = _("Showing numbers in full needs a reason; it is kept with your name.")


class SealedColumnForgotten(Refusal):
    code = "registry.sealed_column_forgotten"
    message = _("The rotation of keys does not know %(columns)s, and would lose what is sealed there. "
                "List the columns with add_sealed.")


class DatesOutOfOrder(Refusal):
    code = "registry.dates_out_of_order"
    message = _("The end %(until)s lies before the beginning %(since)s.")


SENTENCES = {
    "missing": _("This cell must not be empty. Fill it in."),
    "too_long": _("This is longer than %(longest)s characters. Correct it."),
    "column_missing": _("The sheet has no column for this. Add it, or save a mapping for your headings."),
    "id_number_length": _("An ID number has 18 characters. Copy it from the card."),
    "id_number_shape": _("An ID number is 17 digits and a check character (a digit or X). Copy it from the card."),
    "id_number_checksum": _("The last character does not fit the others: a digit was mistyped. Copy it from the card."),
    "id_number_birth_date": _("The birth date inside the number does not exist. Copy it from the card."),
    "id_number_numeric": _("Excel has turned the number into a figure and lost its last digits. Format the column as "
                           "text and type it again."),
    "id_number_twice": _("The same ID number stands in row %(earlier)s. Keep the row that is right."),
    "credit_code_length": _("A unified social credit code has 18 characters. Copy it from the licence."),
    "credit_code_shape": _("A credit code has no I, O, S, V, Z or signs. Copy it from the licence."),
    "credit_code_checksum": _("The last character of the credit code does not fit the others. "
                              "Copy it from the licence."),
    "credit_code_twice": _("The same credit code stands in row %(earlier)s. Keep the row that is right."),
    "credit_code_taken": _("The park has this credit code under %(enterprise)s. Correct one of the two."),
    "enterprise_twice": _("The same enterprise stands in row %(earlier)s. Keep the row that is right."),
    "enterprise_unknown": _("No enterprise of this name is in sheet 企业信息 or in the park. "
                            "Correct the name or add it."),
    "phone": _("This is no telephone number: a mobile has 11 digits and begins with 1. Correct it."),
    "shift_unknown": _("We do not know this shift. Write one of: %(known)s."),
    "status_unknown": _("We do not know this status. Write one of: %(known)s."),
    "kind_unknown": _("We do not know this kind. Write one of: %(known)s."),
    "yes_no_unknown": _("Write one of: %(known)s."),
    "role_unknown": _("We do not know this role. Write one of: %(known)s."),
    "date_impossible": _("This day does not exist or is not a date. Write it as 2022-07-20."),
    "charge_over_unknown": _("Neither the file nor the park has a park, grid, enterprise or team of this name."),
    "region_unknown": _("Region code %(region)s is not on our list of GB/T 2260 (%(rows)s rows). "
                        "Look whether it is right."),
    "row_ignored": _("This row names nobody and was passed over."),
}


def sentence(problem: Problem) -> str:
    """What is wrong in a cell and what to do, in the language in use."""
    return str(SENTENCES[problem.code]) % problem.facts
