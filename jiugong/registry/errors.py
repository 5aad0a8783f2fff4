"""What the registry refuses, and the sentence for each cell that is wrong in a sheet."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.utils.translation import gettext_lazy as _

from jiugong.lib.refusal import Refusal
from jiugong.lib.sheets import Problem
from jiugong.registry.logic.entries import Unfit


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


class EntryWrong(Refusal):
    """One field of what somebody typed, or a program sent, is wrong: `field` and `fault` say which and how."""

    code = "registry.entry_wrong"
    message = _("%(field)s: %(sentence)s")


class PersonKnown(Refusal):
    code = "registry.person_known"
    message = _("The park has this ID number already: %(name)s is on the roster of %(where)s. Move him instead of adding him.")


class PersonElsewhere(Refusal):
    """Whose roster it is stays unsaid: who may not see somebody learns no more than that he is not free."""

    code = "registry.person_elsewhere"
    message = _("This ID number is on another roster of the park. Ask the park office to move the person, or add him from the "
                "day on which he leaves there.")


class NameDiffers(Refusal):
    code = "registry.name_differs"
    message = _("The park knows this ID number under another name. Copy both from the card; if the name was changed, the park "
                "office changes it.")


class NotOnRoster(Refusal):
    code = "registry.not_on_roster"
    message = _("%(name)s is not on the roster on %(day)s. Choose another day, or add him again.")


class UnitEnded(Refusal):
    code = "registry.unit_ended"
    message = _("%(unit)s ended on %(until)s: from then on nobody is posted to it. Choose an earlier day, or add it again.")


class UnitWrong(Refusal):
    code = "registry.unit_wrong"
    message = _("%(unit)s cannot take this: people stand in enterprises, workshops and teams, workshops in enterprises, teams "
                "in enterprises and workshops.")


class ChargeNeedsOffice(Refusal):
    code = "registry.charge_needs_office"
    message = _("Who is %(role)s is settled by the park office: nobody gives himself somebody above. Ask the office.")


class RosterChanged(Refusal):
    code = "registry.roster_changed"
    message = _("%(count)s people are on it from that day on, not %(said)s as on the page that you saw. Look again, and confirm.")


class BadgeUnknown(Refusal):
    """A forged code, another park's code and no code at all look the same."""

    code = "registry.badge_unknown"
    message = _("This is no badge of this park. Look at the code, or find the person by name or ID number.")


class BadgeWithdrawn(Refusal):
    code = "registry.badge_withdrawn"
    message = _("This badge was withdrawn and names nobody any more. Its holder has a newer one, or asks the prevention "
                "officer for one.")


class BadgeExpired(Refusal):
    code = "registry.badge_expired"
    message = _("This link has ended. Ask the prevention officer of your enterprise for a new one, or use your badge.")


class BadgeReasonNeeded(Refusal):
    code = "registry.badge_reason_needed"
    message = _("Withdrawing a badge needs a reason of 1 to %(most)s characters; it is kept with your name.")


class LinkTooLong(Refusal):
    code = "registry.link_too_long"
    message = _("A link ends after 1 to %(most)s days.")


class TooManyBadges(Refusal):
    code = "registry.too_many_badges"
    message = _("%(count)s badges were asked for at once; up to %(most)s are made. Make them part by part.")


class NobodyForBadges(Refusal):
    code = "registry.nobody_for_badges"
    message = _("Nobody is on the roster there today, so there is no badge to make. Choose another team or enterprise.")


class SignsWrong(Refusal):
    code = "registry.signs_wrong"
    message = _("These are not the last four signs of the number that the park has for you. Look at your ID card and try again.")


class WaitFirst(Refusal):
    code = "registry.wait_first"
    message = _("Too many wrong answers. Try again in %(seconds)s seconds, or ask your team leader for a link: it opens at once.")


class NothingToCompare(Refusal):
    code = "registry.nothing_to_compare"
    message = _("The park has neither an ID number nor a phone of yours, so a badge alone cannot open this page. Ask your "
                "prevention officer for a link.")


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
    "not_readable": _("This holds signs that are no writing. Type it again."),
    "enterprise_known": _("The park has an enterprise of this name. Change that one, or give this one another name."),
    "part_known": _("There is one of this name here already. Give it another name."),
    "unit_unknown": _("Nothing of this name is found here. Choose one from the list."),
    "person_unknown": _("Nobody is found by this. Write another part of the name, the phone or the ID number."),
    "several_found": _("Several are found by this. Choose one from the list."),
    "body_known": _("There is a group of this kind and name already. Give it another name."),
}


def fault_sentence(fault: str, facts: Mapping[str, object]) -> str:
    """What is wrong with a field, in the language in use."""
    return str(SENTENCES[fault]) % facts


def entry_wrong(unfit: Unfit) -> EntryWrong:
    """The refusal that says what a check found."""
    return EntryWrong(field=unfit.field, fault=unfit.fault, sentence=fault_sentence(unfit.fault, unfit.facts))


@contextmanager
def faults_told() -> Iterator[None]:
    """What a check finds becomes a refusal. Raises EntryWrong."""
    try:
        yield
    except Unfit as unfit:
        raise entry_wrong(unfit) from None


def sentence(problem: Problem) -> str:
    """What is wrong in a cell and what to do, in the language in use."""
    return str(SENTENCES[problem.code]) % problem.facts
