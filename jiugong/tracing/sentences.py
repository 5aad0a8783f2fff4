"""Stored words of tracing as sentences in the reader's language: why an order is, why it ended, why it may not end yet."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, gettext_lazy

REASONS = {
    "positive_tube": gettext_lazy("A tube with your swab was positive or suspicious. Until each has been tested alone, everybody "
                                  "in it stays where he is."),
    "contact_of_case": gettext_lazy("You were with somebody who is ill, by the grounds below."),
    "confirmed_case": gettext_lazy("Your own test was positive."),
    "case_of_incident": gettext_lazy("Contacts of a case of this incident"),
    "was_in_area_at_risk": gettext_lazy("You were in an area at risk, on the days below."),
    "flagged_by_another_place": gettext_lazy("Another place told that you were in an area at risk."),
    "arrived_in_park": gettext_lazy("You have come into the park; arrivals stay apart for some days."),
}
ENDED = {
    "retest_negative": gettext_lazy("The single retest was negative."),
    "result_corrected": gettext_lazy("The laboratory took the positive result back."),
    "ruled_out": gettext_lazy("The case was ruled out."),
    "contaminated": gettext_lazy("The sample of the case was contaminated."),
    "conditions_met": gettext_lazy("The time is over and every test was negative."),
    "time_over": gettext_lazy("The time is over."),
    "drill_over": gettext_lazy("The drill is over."),
    "upgraded": gettext_lazy("Another order takes its place."),
    "became_case": gettext_lazy("The person became a case."),
}
NOT_YET = {
    "not_over": gettext_lazy("the last day is %(last_day)s"),
    "test_missed": gettext_lazy("the test of day %(number)s (%(on)s) was missed"),
    "test_owed": gettext_lazy("the test of day %(number)s is owed today"),
    "test_waiting": gettext_lazy("the result of day %(number)s (%(on)s) is not known yet"),
    "test_unclear": gettext_lazy("the result of day %(number)s (%(on)s) is neither positive nor negative"),
    "test_positive": gettext_lazy("the test of day %(number)s (%(on)s) was positive"),
    "linked_waiting": gettext_lazy("the first two tests of the close contact are not both negative yet"),
    "linked_positive": gettext_lazy("one of the first two tests of the close contact was positive"),
}


def reason_in_words(word: str) -> str:
    """Why an order is: a word of ours as a sentence, what somebody wrote as it stands."""
    return str(REASONS[word]) if word in REASONS else word


def ended_in_words(word: str) -> str:
    """Why an order or a contact is none any more."""
    return str(ENDED[word]) if word in ENDED else word


def why_in_words(word: str, facts: Mapping[str, Any]) -> str:
    """Why an order may not be released yet."""
    return str(NOT_YET[word]) % facts if word in NOT_YET else gettext("something is missing")
