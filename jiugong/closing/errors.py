"""What closing refuses."""

from django.utils.translation import gettext_lazy as _

from jiugong.lib.refusal import Refusal


class DayNotOver(Refusal):
    code = "closing.day_not_over"
    message = _("%(day)s is not over; it lasts until %(until)s. Close it then.")


class StillBeingWritten(Refusal):
    code = "closing.still_being_written"
    message = _("Somebody is still writing, perhaps a large file. Nothing is lost; close the day again in a minute.")
