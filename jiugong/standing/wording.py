"""What holds for somebody, in words, and what is written to him, on his own page."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from jiugong.journal.models import Message, MessageKind
from jiugong.journal.tidings import sentence_of, title_of
from jiugong.registry.models import Park
from jiugong.rulebook.queries import duties_on
from jiugong.rulebook.wording import spoken
from jiugong.standing.logic import Because, Holding, Holds

ROUND, IN_TUBE = re.compile(r"round (\d+)"), re.compile(r"tube (.+), position (\d+)")
STATES = {Holding.RESTRICTED: "held", Holding.RETEST: "held", Holding.OWES: "missing", Holding.NOT_POSTED: "owed",
          Holding.EXCUSED: "excused", Holding.DONE: "done", Holding.LAST_RESULT: "owed", Holding.POSTED: "owed"}


def titles_on(park: Park, day: date) -> dict[str, str]:
    """What the duties of a day are called, by key; `*` is everything."""
    return {duty.key: spoken(duty.title) for duty in duties_on(park, day)} | {"*": _("Everything")}


def shown(holds: Holds, titles: Mapping[str, str]) -> dict[str, Any]:
    """What holds, in words. `titles` says what the rules of the day are called."""
    about = titles.get(holds.about, holds.about)
    if about.startswith("screening.round."):
        about = _("Round %(number)s") % {"number": about.rpartition(".")[2]}
    words = {
        Holding.RESTRICTED: _("Restricted"), Holding.RETEST: _("To be sampled alone"), Holding.OWES: _("Owes and has not done it"),
        Holding.NOT_POSTED: _("Not on the roster today"), Holding.EXCUSED: _("Excused"), Holding.DONE: _("Done"),
        Holding.LAST_RESULT: _("Last result"), Holding.POSTED: _("On the roster"),
    }
    return {"state": "late" if holds.late and holds.what is Holding.OWES else STATES[holds.what],
            "words": words[holds.what], "about": about, "since": holds.since, "until": holds.until,
            "because": [reason(each) for each in holds.because]}


def reason(because: Because) -> dict[str, str]:
    """One reason in words: what was asked for, what was found, what says so."""
    facts = {"roster": _("Roster"), "on_the_roster": _("Roster"), "status": _("Status"), "excuse": _("Excuse"),
             "result": _("Result"), "reason": _("Reason"), "ground": _("Ground"), "decided": _("Decided by")}
    known = {"on duty": _("on duty"), "negative": _("Negative")}
    by = because.by
    if named := ROUND.fullmatch(by):
        by = _("Round %(number)s") % {"number": named[1]}
    elif named := IN_TUBE.fullmatch(by):
        by = _("Tube %(code)s") % {"code": named[1]} + f" · {named[2]}"
    return {"fact": facts.get(because.fact, because.fact), "found": known.get(because.found, because.found),
            "needed": known.get(because.needed, because.needed), "by": by}


def is_notice(message: Message) -> bool:
    """Is it the message by which a notice was written to somebody?"""
    return message.notice is not None and message.kind == MessageKind.NOTICE


def is_open_notice(message: Message) -> bool:
    """Is it a notice that is to be opened still, or confirmed?"""
    return is_notice(message) and (message.read_at is None or bool(
        message.notice and message.notice.must_acknowledge and message.acknowledged_at is None))


def message_in_words(message: Message, park: Park) -> str:
    """What a message says on its reader's own page: without the names of others, because there is no account behind it."""
    if message.step and message.facts.get("names"):
        return _("%(title)s: %(count)s people for whom you answer are missing. Sign in to see who.") % {
            "title": title_of(message), "count": message.facts.get("count", 0)}
    return sentence_of(message, park)
