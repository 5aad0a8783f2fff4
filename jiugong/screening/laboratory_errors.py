"""What is refused around laboratories, contracts, own rounds, the staff of points, and scanning without training."""

from django.utils.translation import gettext_lazy as _

from jiugong.lib.refusal import Refusal


class LaboratoryNeedsName(Refusal):
    code = "screening.laboratory_needs_name"
    message = _("A laboratory needs a name. Write the one that stands on its reports.")


class LaboratoryExists(Refusal):
    code = "screening.laboratory_exists"
    message = _("This park already keeps a laboratory %(laboratory)s. Give this one another name.")


class LaboratoryEnded(Refusal):
    code = "screening.laboratory_ended"
    message = _("The park works with %(laboratory)s no longer since %(until)s. Choose an earlier day, or another laboratory.")


class CreditCodeWrong(Refusal):
    code = "screening.credit_code_wrong"
    message = _("%(code)s cannot be a credit code: it has 18 characters, and the last one is checked. Copy it from the licence.")


class AccountReportsElsewhere(Refusal):
    code = "screening.account_reports_elsewhere"
    message = _("%(user)s reports for %(laboratory)s. Untie the account there first.")


class AccountWithoutLaboratory(Refusal):
    code = "screening.account_without_laboratory"
    message = _("This park keeps its laboratories, and this account reports for none of them. Ask the park office to tie it to "
                "yours, on the page of the laboratory.")


class LaboratoryNotContracted(Refusal):
    code = "screening.laboratory_not_contracted"
    message = _("%(laboratory)s has no contract for the point %(point)s on %(day)s. Ask the park office to enter the contract, or "
                "look at the code of the tube again.")


class ContractExists(Refusal):
    code = "screening.contract_exists"
    message = _("%(laboratory)s already has a contract for %(over)s from %(since)s. End that one first.")


class ContractHoursWrong(Refusal):
    code = "screening.contract_hours_wrong"
    message = _("A turn-round of %(hours)s hours cannot be. Write whole hours from 1 to %(most)s.")


class OwnRoundsNeedEnterprise(Refusal):
    code = "screening.own_rounds_need_enterprise"
    message = _("Rounds of its own are opened by an enterprise. Choose the enterprise for which the contract is.")


class OwnRoundNeedsContract(Refusal):
    code = "screening.own_round_needs_contract"
    message = _("On %(day)s no contract with a laboratory lets %(enterprise)s open rounds of its own. Ask the park office to enter "
                "it, or to open the round.")


class OwnRoundOfOneEnterprise(Refusal):
    code = "screening.own_round_of_one_enterprise"
    message = _("An enterprise opens rounds for its own roster alone. Name the enterprise as the roster, and choose no other.")


class StaffNotHere(Refusal):
    code = "screening.staff_not_here"
    message = _("%(name)s is not on a roster of this park on %(day)s. Choose another day, or enter the person first.")


class StaffTwice(Refusal):
    code = "screening.staff_twice"
    message = _("%(name)s already works at %(point)s in this role from %(since)s. End that first.")


class ScannerUntrained(Refusal):
    code = "screening.scanner_untrained"
    message = _("The rules of this park ask for training before scanning, and %(name)s has none as scanning officer that counts on "
                "%(day)s. Let a trained officer scan, or have the park office enter the training.")


class ScannerNobody(Refusal):
    code = "screening.scanner_nobody"
    message = _("The rules of this park ask for training before scanning, and this account is tied to nobody on the roster. Sign "
                "in with an account that is yours, or ask the park office to tie this one to you (Accounts).")
