"""What the history refuses."""

from django.utils.translation import gettext_lazy as _

from jiugong.lib.refusal import Refusal


class DayNotClosed(Refusal):
    code = "tracing.day_not_closed"
    message = _("%(day)s is not closed. Its records stay in the store, where every question finds them; close the day first.")
