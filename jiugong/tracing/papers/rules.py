"""On which document a rule rests, in words for a paper: cited, or said to be assumed. Never neither."""

from datetime import date

from django.utils.translation import gettext as _

from jiugong.policy import PolicyRefusal
from jiugong.registry.models import Park
from jiugong.rulebook.queries.releases import InForce, in_force, release_called, supplements_on
from jiugong.rulebook.wording import said_of, spoken


class Documents:
    """The rules of one park in words; each release and day is read once."""

    def __init__(self, park: Park) -> None:
        self.park, self.read = park, dict[tuple[str, date], dict[str, InForce]]()

    def said(self, release: str, rule: str, day: date, *, title: str = "") -> str:
        """What a rule says on a day, and by which document."""
        found = self._in_force(release, day).get(rule)
        if found is None:
            return _("%(title)s: no rule of that day says it; it is assumed.") % {"title": title or rule}
        said = said_of(found.rule, found.dated)
        rests_on = [str(each) for each in said.references]
        if said.assumption:
            rests_on.append(_("assumed: %(assumption)s") % {"assumption": said.assumption})
        return _("%(title)s (%(rule)s): %(text)s. By: %(documents)s") % {
            "title": spoken(found.rule.title), "rule": rule, "text": said.text.rstrip(".。"),
            "documents": "；".join(rests_on) or _("no document is named; it is assumed")}

    def _in_force(self, release: str, day: date) -> dict[str, InForce]:
        if (release, day) not in self.read:
            try:
                known = release_called(release) if release else None
            except PolicyRefusal:
                known = None
            self.read[release, day] = in_force(known, day, supplements_on(self.park, day))
        return self.read[release, day]
