"""What a message says: its sentence, and where it leads, from its kind, what it is about and its facts.

Titles come with the facts in both languages, because whoever writes a message knows what it is about and this room
does not. What is not listed here is said by its title alone, so that a room above may write of something new.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from jiugong.journal.models import Message, MessageKind, NoticeKind
from jiugong.registry.models import Park

# about → the page that shows the matter, and which part of `about` its address needs
PAGES: Mapping[str, tuple[str, str]] = {"release": ("rule-pack", "key"), "plan": ("plan", "what"), "park-plan": ("plan", "what"),
                                         "notice": ("notice", "uid"), "notice-reach": ("notice-reach", "uid"),
                                         "flagged": ("flagged-one", "number"),
                                         "incident": ("incident", "number")}
STATES = {MessageKind.REMINDER: "missing", MessageKind.TASK: "held", MessageKind.NOTICE: "owed"}


def title_of(message: Message) -> str:
    """What a message is about, in the reader's language."""
    said = message.facts.get("title", "")
    if isinstance(said, Mapping):
        said = said.get("zh-hans" if (get_language() or "").startswith("zh") else "en", "")
    kind, _colon, key = message.about.partition(":")
    if said:
        return str(said)
    known = {"round": _("Round %(number)s"), "release": _("Release %(number)s"), "plan": _("Plan %(number)s")}
    return known[kind] % {"number": key} if kind in known else message.about


def sentence_of(message: Message, park: Park) -> str:
    """The whole message as a sentence."""
    facts, title = message.facts, title_of(message)
    if isinstance(facts.get("text"), Mapping):
        return str(facts["text"].get("zh-hans" if (get_language() or "").startswith("zh") else "en", title))
    if message.about.startswith(("notice:", "notice-reach:")):
        return _of_notice(message, title, park)
    if message.about.startswith(("plan:", "park-plan:")):
        return _of_plan(facts)
    if message.kind != MessageKind.REMINDER:
        return {MessageKind.TASK: _("There is something for you to do: %(title)s."),
                MessageKind.NOTICE: _("For your information: %(title)s.")}[MessageKind(message.kind)] % {"title": title}
    until = _moment(facts.get("until"), park)
    if message.step == 0:
        said = (_("You have not done it yet: %(title)s.") if not until else
                _("You have not done it yet: %(title)s. It closed at %(until)s; do it now, or say why not.") if facts.get("late")
                else _("You have not done it yet: %(title)s. Please do it until %(until)s."))
        return said % {"title": title, "until": until}
    count = int(facts.get("count", 0))
    names = "、".join(map(str, facts.get("names", ())))
    return ngettext("%(title)s: %(count)s person for whom you answer is missing: %(names)s.",
                    "%(title)s: %(count)s people for whom you answer are missing: %(names)s …", count) % {
                        "title": title, "count": count, "names": names}


def _of_notice(message: Message, title: str, park: Park) -> str:
    """A notice by its kind and title; what reminds of it says until when it is to be read."""
    if message.kind == MessageKind.REMINDER:
        until = _moment(message.facts.get("until"), park) if not message.facts.get("late") else ""
        said = (_("You have not read it yet: %(title)s. Please do so until %(until)s.") if until else
                _("You have not read it yet: %(title)s."))
        return said % {"title": title, "until": until}
    if message.kind == MessageKind.NOTICE and message.notice:
        return _("%(kind)s: %(title)s") % {"kind": NoticeKind(message.notice.kind).label, "title": title}
    return title


def _of_plan(facts: Mapping[str, Any]) -> str:
    """What is to be done with a plan, or was done with it."""
    own = {"control": _("The park's control plan"), "emergency": _("The park's emergency plan")}
    plan = own.get(str(facts.get("kind", ""))) or _("The plan of %(enterprise)s") % {"enterprise": facts.get("enterprise", "")}
    said = {"plan": plan, **{key: facts.get(key, "") for key in ("release", "from_day", "due_on", "reason")}}
    if facts.get("release"):
        return _("%(plan)s is to be revised until %(due_on)s: %(release)s holds from %(from_day)s.") % said
    if facts.get("reason"):
        return _("%(plan)s came back: %(reason)s") % said
    return (_("%(plan)s is approved.") if facts.get("stage") == "approved" else _("%(plan)s waits to be read and approved.")) % said


def url_of(message: Message, park: Park) -> str:
    """Where it is dealt with; nothing for a matter without a page."""
    kind, _colon, key = message.about.partition(":")
    if kind in ("round", "duty"):
        return f"{reverse('today', args=[park.uid])}?of={message.about}"
    if kind == "flagged-people":
        return reverse("flagged", args=[park.uid])
    if kind not in PAGES:
        return ""
    name, place = PAGES[kind]
    try:
        return reverse(name, kwargs={"park": park.uid, place: key})
    except NoReverseMatch:
        return ""


def face_of(message: Message, park: Park) -> dict[str, Any]:
    """A message as a page shows it."""
    return {"pk": message.pk, "sentence": sentence_of(message, park), "url": url_of(message, park), "kind": message.kind,
            "word": str(MessageKind(message.kind).label), "state": STATES[MessageKind(message.kind)],
            "at": message.written_at, "by": message.written_by_name, "is_new": message.read_at is None,
            "notice": message.notice.uid if message.notice and message.kind == MessageKind.NOTICE else None}


def _moment(said: Any, park: Park) -> str:
    try:
        return datetime.fromisoformat(str(said)).astimezone(park.zone).strftime("%m-%d %H:%M")
    except ValueError:
        return ""
