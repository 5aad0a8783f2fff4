"""An impact as plain data and in lines, for programs and for the command line."""

from typing import Any

from django.utils.translation import gettext as _

from jiugong.rulebook.queries.impact import HOW, Impact, enterprises_named
from jiugong.rulebook.telling import change_in_words
from jiugong.rulebook.wording import spoken


def impact_as_data(impact: Impact) -> dict[str, Any]:
    """Everything that would change, as one document."""
    firms = {firm.pk: firm for firm in enterprises_named(impact.park, impact.enterprises)}
    return {
        "release": impact.release.key, "from": impact.from_day, "until": impact.until,
        "before": impact.before.key if impact.before else None,
        "rules": [{"key": each["key"], "title": each["title"], "change": each["kind"],
                   "before": each["before"].text if each["before"] else None,
                   "after": each["after"].text if each["after"] else None} for each in map(change_in_words, impact.changes)],
        "duties": [{"duty": each.key, "subject": each.subject, **each.counts, "enterprises": [
            {"enterprise": str(firms[pk].uid), "name": firms[pk].name, **dict(zip(HOW, counts, strict=True))}
            for pk, counts in each.by_enterprise.items() if pk in firms and any(counts)]} for each in impact.duties],
        "people": {how: sum(each.counts[how] for each in impact.duties if each.subject == "person") for how in HOW},
        "enterprises": len(impact.enterprises),
        "plans": [{"enterprise": str(each.plan.unit.uid), "name": each.plan.unit.name, "sections": list(each.sections)}
                  for each in impact.plans],
        "park_plans": {kind: list(sections) for kind, sections in impact.park_plans.items()}}


def impact_in_lines(impact: Impact) -> str:
    """The same for people at a command line."""
    lines = [_("%(rules)s rules change, %(enterprises)s enterprises are affected, %(plans)s plans are to be revised.") % {
        "rules": len(impact.changes), "enterprises": len(impact.enterprises), "plans": len(impact.plans)}]
    lines += [_("  %(duty)s: %(new)s newly, %(gone)s no longer, %(differs)s otherwise") % {
        "duty": spoken(each.change.rule.rule.title), **each.counts} for each in impact.duties]
    lines += [f"  {each['title']} ({each['kind_words']})" for each in map(change_in_words, impact.changes)]
    return "\n".join(lines)
