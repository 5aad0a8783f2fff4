"""What duties refuse."""

from django.utils.translation import gettext_lazy as _

from jiugong.lib.refusal import Refusal


class EvidenceKindUnknown(Refusal):
    code = "duties.evidence_kind_unknown"
    message = _("We do not know evidence of the kind %(kind)s. Known: %(known)s.")


class EvidenceMisshapen(Refusal):
    code = "duties.evidence_misshapen"
    message = _("%(field)s: %(wrong)s.")


class EvidenceRowMisshapen(Refusal):
    code = "duties.evidence_row_misshapen"
    message = _("%(field)s is missing or does not have its shape. Correct it and send the evidence again.")


class SubjectUnclear(Refusal):
    code = "duties.subject_unclear"
    message = _("Evidence and excuses are about one person, one unit or one place. Name exactly one.")


class SubjectUnknown(Refusal):
    code = "duties.subject_unknown"
    message = _("There is nobody and nothing here under this number for which you may do this. Check the number.")


class TooMuchEvidence(Refusal):
    code = "duties.too_much_evidence"
    message = _("%(count)s pieces of evidence came at once; up to %(most)s are taken. Send them in parts.")


class MomentUnclear(Refusal):
    code = "duties.moment_unclear"
    message = _("%(text)s is not a moment. Write it as 2022-07-22T08:00, with an offset or in the park's own time.")


class ClientIdReused(Refusal):
    code = "duties.client_id_reused"
    message = _("%(client_id)s was sent before with other content. Give every piece of evidence an id of its own.")


class DutyUnknown(Refusal):
    code = "duties.duty_unknown"
    message = _("No rule %(duty)s holds in this park on %(day)s. Rules that hold: %(known)s.")


class ExcuseTooLong(Refusal):
    code = "duties.excuse_out_of_order"
    message = _("An excuse must end after it begins, and within %(most)s days. Set another end.")


class ExcuseNeedsReason(Refusal):
    code = "duties.excuse_needs_reason"
    message = _("An excuse needs a reason that others can check, in up to %(most)s characters.")


class FutureEvidence(Refusal):
    code = "duties.evidence_from_the_future"
    message = _("This happened at %(happened_at)s, which is still to come. Correct the time.")


class NothingToCheck(Refusal):
    code = "duties.nothing_to_check"
    message = _("Evidence of this kind counts by itself. Only disinfection is checked by somebody else.")


class CheckOneself(Refusal):
    code = "duties.check_oneself"
    message = _("%(name)s did or recorded this himself. Ask somebody else to check it.")


class CheckNeedsRemark(Refusal):
    code = "duties.check_needs_remark"
    message = _("Say in up to %(most)s characters what is not good, so that it can be done again.")


class CheckedBefore(Refusal):
    code = "duties.checked_before"
    message = _("%(name)s has checked this before. A check stays as it was made; what is wrong is done and checked anew.")


class NobodyChosen(Refusal):
    code = "duties.nobody_chosen"
    message = _("Nobody was chosen. Tick up to %(most)s people.")


class NotATrainingFile(Refusal):
    code = "duties.not_a_training_file"
    message = _("%(file)s does not have the headings of a list of training (姓名, 手机号, 课程, 培训日期, 有效期至).")
