"""What duties refuse."""

from django.utils.translation import gettext_lazy as _

from jiugong.lib.refusal import Refusal


class EvidenceKindUnknown(Refusal):
    code = "duties.evidence_kind_unknown"
    message = _("We do not know evidence of the kind %(kind)s. Known: %(known)s.")


class EvidenceMisshapen(Refusal):
    code = "duties.evidence_misshapen"
    message = _("%(field)s: %(wrong)s.")


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
    message = _("An excuse needs a reason that others can check.")


class FutureEvidence(Refusal):
    code = "duties.evidence_from_the_future"
    message = _("This happened at %(happened_at)s, which is still to come. Correct the time.")
