"""What a worker's own page and a team's entry refuse."""

from django.utils.translation import gettext_lazy as _

from jiugong.lib.refusal import Refusal


class NotYetReadable(Refusal):
    code = "standing.not_yet_readable"
    message = _("It is too early to read the test: the line may still come. Wait until %(at)s, then look again. "
                "Nothing was recorded.")


class NotOnesOwn(Refusal):
    code = "standing.not_ones_own"
    message = _("Nobody records %(kind)s about himself. Known here: %(known)s. Nothing was recorded.")


class TemperatureMissing(Refusal):
    code = "standing.temperature_missing"
    message = _("Choose your temperature first, or write it as 36.5. Nothing was recorded.")


class StartUnclear(Refusal):
    code = "standing.start_unclear"
    message = _("Say when the test was started: at most an hour ago, as in 07:05. Nothing was recorded.")


class DoorClosed(Refusal):
    code = "standing.door_closed"
    message = _("This is somebody's badge. Its page opens with the last four signs of his ID number; post them as `signs`.")


class EntryEmpty(Refusal):
    code = "standing.entry_empty"
    message = _("Nobody was ticked and no value was written, so nothing was recorded. Tick who was measured.")


class EntryWrong(Refusal):
    code = "standing.entry_wrong"
    message = _("Nothing of this entry was recorded, because something in it cannot be right: %(wrong)s "
                "Correct it and send it again.")


class NotAllMeasured(Refusal):
    code = "standing.not_all_measured"
    message = _("Say first that everybody who is not absent was measured. Nothing was recorded.")
