"""What is wrong with a piece of evidence, what to do about a value, and what is worth a look: codes as sentences."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiugong.duties.logic import Advice, Misshapen
from jiugong.duties.words import word
from jiugong.lib.sheets import Problem

WRONG: Mapping[str, Any] = {
    "number": gettext_lazy("needs a number"),
    "whole": gettext_lazy("needs a whole number"),
    "range": gettext_lazy("%(found)s is not between %(at_least)s and %(at_most)s; look again"),
    "text": gettext_lazy("needs a text without special signs"),
    "missing": gettext_lazy("is missing; fill it in"),
    "too_long": gettext_lazy("is longer than %(longest)s characters; shorten it"),
    "day": gettext_lazy("needs a day such as 2022-07-22"),
    "moment": gettext_lazy("needs a moment such as 2022-07-22T08:00:00+08:00"),
    "offset": gettext_lazy("needs an offset such as +08:00"),
    "word": gettext_lazy("needs one of: %(known)s"),
    "words": gettext_lazy("needs a list of: %(known)s"),
    "before_start": gettext_lazy("lies before the start"),
    "before_held": gettext_lazy("lies before the training itself (%(held_on)s); look at the two days again"),
    "temperature_number": gettext_lazy("needs a number in degrees Celsius, as in 36.5"),
    "temperature_range": gettext_lazy("%(found)s is outside %(coldest)s–%(hottest)s °C; measure again"),
    "agent_useless": gettext_lazy("%(agent)s does not work against the pathogen of the park's rules; use one of: %(working)s"),
    "concentration": gettext_lazy("%(agent)s of %(found)s %(unit)s is not between %(at_least)s and %(at_most)s %(unit)s; "
                                  "correct the number, or mix it anew and disinfect again"),
    "more_than_seen": gettext_lazy("is more than the %(seen)s people who were seen; count again"),
    "more_than_found": gettext_lazy("is more than the %(found)s spots that were found; count again"),
    "kg_or_bags": gettext_lazy("needs kilograms or a number of bags"),
    "returnees": gettext_lazy("needs a list of up to %(most)s people"),
    "returnee": gettext_lazy("needs a name, from where, and the day of arrival"),
    "twice": gettext_lazy("%(name)s stands twice in the list; keep one"),
}
ADVICE: Mapping[str, Any] = {
    "fever": gettext_lazy("%(found)s °C is a fever (from %(limit)s °C). Do not go to work. Stay away from others, tell your "
                          "team leader or prevention officer now, and see a fever clinic with a mask on."),
    "too_cold": gettext_lazy("%(found)s °C is too low to be right. Wait five minutes, measure again under the armpit, and "
                             "report that."),
    "symptoms": gettext_lazy("With symptoms do not go to work. Stay away from others, and tell your team leader or "
                             "prevention officer now."),
    "antigen_positive": gettext_lazy("The test is positive. Stay where you are, keep away from others, tell your prevention "
                                     "officer now, and wait for a PCR test."),
    "antigen_invalid": gettext_lazy("The test did not work. Do it again with a new kit."),
    "antigen_too_early": gettext_lazy("Read after %(minutes)s minutes; a test is read after 15 to 20. Do it again with a new "
                                      "kit."),
    "antigen_too_late": gettext_lazy("Read after %(minutes)s minutes; a test is read after 15 to 20. Do it again with a new "
                                     "kit."),
    "contact_too_short": gettext_lazy("It stayed wet for %(minutes)s minutes and needs %(needed)s. It does not count: do it "
                                      "again."),
    "masks_wrong": gettext_lazy("%(count)s without a mask or with it wrong: put it right on the spot, and look again today."),
    "hands_unwashed": gettext_lazy("%(count)s had not washed their hands: see to soap and water, and look again today."),
    "water_left": gettext_lazy("%(count)s spots still hold water: empty, fill or cover them today, and record it again."),
}
DOUBTS: Mapping[str, Any] = {
    "two_places": gettext_lazy("The operator was at two places within a minute"),
    "written_together": gettext_lazy("Three or more logs were written within one minute"),
}

PROBLEMS: Mapping[str, Any] = {
    "missing": gettext_lazy("This cell must not be empty. Fill it in."),
    "column_missing": gettext_lazy("The sheet has no column for this. Add it."),
    "too_long": gettext_lazy("This is longer than %(longest)s characters. Correct it."),
    "day_impossible": gettext_lazy("This day does not exist. Write it as 2022-04-15."),
    "to_come": gettext_lazy("This training is still to come. Correct the day, or send the list when it was held."),
    "ends_before": gettext_lazy("It would end before the training itself (%(held_on)s). Look at the two days again."),
    "phone_impossible": gettext_lazy("This is not a telephone number. Correct it."),
    "person_unknown": gettext_lazy("Nobody in this park has this phone number. Correct it, or take in the roster first."),
    "name_differs": gettext_lazy("The phone number belongs to somebody with another name. Correct the name or the number."),
}


def problem_in_words(problem: Problem) -> str:
    """What is wrong in a cell of a list of training, and what to do."""
    return str(PROBLEMS[problem.code]) % problem.facts


def wrong_in_words(reason: Misshapen) -> str:
    """What is wrong with one field, and what to do."""
    return str(WRONG[reason.wrong]) % _spoken(reason.facts)


def advice_in_words(advised: Advice) -> str:
    """What to do about a value, in plain words."""
    return str(ADVICE[advised.code]) % _spoken(advised.facts)


def doubt_in_words(doubt: str) -> str:
    """What is worth a look about a log."""
    return str(DOUBTS[doubt])


def _spoken(facts: Mapping[str, object]) -> dict[str, object]:
    """Facts with their stored words in the reader's language."""
    said = dict(facts)
    for name, field in (("agent", "agent"), ("unit", "unit")):
        if name in said:
            said[name] = word(field, said[name])
    if "working" in said:
        said["working"] = _(", ").join(word("agent", each) for each in str(said["working"]).split(", ") if each)
    return said
