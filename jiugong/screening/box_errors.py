"""What is refused of boxes, and what is taken but should be looked at."""

from django.utils.translation import gettext_lazy as _

from jiugong.lib.refusal import Refusal


class BoxUnknown(Refusal):
    code = "screening.box_unknown"
    message = _("There is no box %(box)s here. Open it at its point first, or look at the code again.")


class BoxUnderWay(Refusal):
    code = "screening.box_under_way"
    message = _("A box %(box)s is still under way. Take another one, or receive that one at the laboratory first.")


class BoxMisshapen(Refusal):
    code = "screening.box_misshapen"
    message = _("%(field)s is missing or does not have its shape. Correct it and send it again.")


class BoxIdReused(Refusal):
    code = "screening.box_id_reused"
    message = _("The id %(id)s was sent before for something else. Give everything an id of its own.")


class BoxClosed(Refusal):
    code = "screening.box_closed"
    message = _("Box %(box)s is sealed: what is in it stays as it is. Put the tube into the next box.")


class BoxEmpty(Refusal):
    code = "screening.box_empty"
    message = _("Box %(box)s holds no tube yet. Put its tubes in before you seal it.")


class BoxNotEmpty(Refusal):
    code = "screening.box_not_empty"
    message = _("Box %(box)s holds %(tubes)s tubes. Seal it and hand it over, or take them out first.")


class BoxMoved(Refusal):
    code = "screening.box_moved"
    message = _("Box %(box)s is elsewhere by now (%(stage)s). Load it again to see who has it.")


class BoxNotSealed(Refusal):
    code = "screening.box_not_sealed"
    message = _("Box %(box)s is not sealed yet. Seal it, then hand it over.")


class BoxNotYours(Refusal):
    code = "screening.box_not_yours"
    message = _("%(holder)s has box %(box)s in hand. Only who has it hands it over.")


class BoxNotOffered(Refusal):
    code = "screening.box_not_offered"
    message = _("Nobody has handed over box %(box)s. Who has it (%(holder)s) signs first; then receive it.")


class BoxSameHands(Refusal):
    code = "screening.box_same_hands"
    message = _("You handed over box %(box)s yourself, so somebody else must receive it. Sign in as yourselves.")


class TubeInOtherBox(Refusal):
    code = "screening.tube_in_other_box"
    message = _("Tube %(tube)s is in box %(box)s. Take it out there first, or look at the code again.")


class TubeNotInBox(Refusal):
    code = "screening.tube_not_in_box"
    message = _("Tube %(tube)s is not in box %(box)s, so it cannot be taken out.")


class TooManyPuts(Refusal):
    code = "screening.too_many_puts"
    message = _("%(count)s tubes came at once; up to %(most)s are taken. Send them in parts.")


class NothingToExplain(Refusal):
    code = "screening.nothing_to_explain"
    message = _("Nothing waits to be explained here. Load the box again.")


class ExplanationMissing(Refusal):
    code = "screening.explanation_missing"
    message = _("Say in up to %(most)s characters why the counts differ and where the tubes are.")


STILL_OPEN = _("Tube %(tube)s is not sealed yet. It is in the box; seal it before the box leaves.")
NOT_HERE_YET = _("No scan of tube %(tube)s has arrived yet. It is in the box; look whether a phone still holds its scans.")
