"""What is refused where a person settles a conflict."""

from django.utils.translation import gettext_lazy as _

from jiugong.lib.refusal import Refusal


class ConflictMoved(Refusal):
    code = "screening.conflict_moved"
    message = _("This conflict is not what it was: something arrived, or somebody settled it. Load the list again.")


class SettlementMisshapen(Refusal):
    code = "screening.settlement_misshapen"
    message = _("%(field)s is missing or does not have its shape. Correct it and send it again.")


class SettlementIdReused(Refusal):
    code = "screening.settlement_id_reused"
    message = _("Settlement %(settle_id)s was sent before for something else. Give every settlement an id of its own.")
