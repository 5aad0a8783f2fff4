"""What tracing refuses where papers are made or sent."""

from django.utils.translation import gettext_lazy as _

from jiugong.lib.refusal import Refusal


class NoOrderToPrint(Refusal):
    code = "tracing.no_order_to_print"
    message = _("No order that stands is decided here, so there is nothing to print. Decide the proposals first.")


class ReportMisshapen(Refusal):
    code = "tracing.report_misshapen"
    message = _("Say to whom the report was sent, in %(most)s signs at most, and when: after the park was told, and not in the "
                "future.")
