"""Tables and terms of a release in plain words: whom to remind when, thresholds, disinfectants, bands, symptoms."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jiugong.policy import Agent, Band, Step, Threshold

RECIPIENTS = {"person": _("the person"), "team_leader": _("team leader"), "workshop_leader": _("workshop leader"),
              "prevention_officer": _("prevention officer"), "enterprise_chief": _("enterprise chief"),
              "grid_leader": _("grid leader"), "park_chief": _("park chief")}
AGENTS = {"alcohol": _("alcohol"), "chlorine": _("chlorine disinfectant"), "peracetic_acid": _("peracetic acid"),
          "hydrogen_peroxide": _("hydrogen peroxide"), "iodophor": _("iodophor"),
          "quaternary_ammonium": _("quaternary ammonium"), "ultraviolet": _("ultraviolet light"), "heat": _("heat")}
USES = {"surfaces": _("surfaces"), "vomit": _("vomit and stool"), "toilets": _("toilets"),
        "small_things": _("small things"), "hands": _("hands"), "air": _("air")}
UNITS = {"mg_per_litre": _("mg/L"), "percent": "%", "celsius": "°C"}
SCOPES = {"enterprise": _("enterprise"), "workshop": _("workshop"), "team": _("team"), "site": _("site"),
          "dorm_room": _("dormitory room"), "park": _("park")}
COLOURS = {"green": _("green"), "yellow": _("yellow"), "orange": _("orange"), "red": _("red")}

TERMS = {"building": _("building"), "unit": _("unit of a building"), "floor": _("floor"), "household": _("household"),
         "cough": _("cough"), "sore_throat": _("sore throat"), "fever": _("fever"), "joint_pain": _("joint pain"),
         "rash": _("rash"), "vomiting": _("vomiting"), "diarrhoea": _("diarrhoea"), "stomach_ache": _("stomach ache")}


def table_in_words(value: Any) -> str:
    """A table, row by row; nothing where the value is none."""
    rows = (value,) if isinstance(value, Threshold) else value
    return gettext("; ").join(said for said in map(_row, rows) if said)


def agent_in_words(row: Agent) -> str:
    """A disinfectant: what it is for, and from which concentration and contact time on, or that it is refused."""
    named = {"agent": AGENTS[row.agent], "use": USES[row.use]}
    if not row.accepted:
        return gettext("%(agent)s for %(use)s: refused") % named
    measures = []
    if row.unit and row.at_most is not None:
        measures.append(f"{row.at_least}–{row.at_most} {UNITS[row.unit]}")
    elif row.unit:
        measures.append(gettext("%(number)s %(unit)s or more") % {"number": row.at_least, "unit": UNITS[row.unit]})
    if row.minutes:
        measures.append(gettext("at least %(number)s minutes") % {"number": row.minutes})
    if not measures:
        return gettext("%(agent)s for %(use)s: accepted") % named
    return gettext("%(agent)s for %(use)s: %(measures)s") % {**named, "measures": gettext(", ").join(measures)}


def _row(row: object) -> str:
    if isinstance(row, Step) and not row.after_minutes:
        return gettext("at the end of the time: %(to)s") % {"to": RECIPIENTS[row.to]}
    if isinstance(row, Step):
        return gettext("%(minutes)s minutes after the end: %(to)s") % {
            "minutes": row.after_minutes, "to": RECIPIENTS[row.to]}
    if isinstance(row, Threshold):
        return gettext("%(count)s or more within %(days)s days in one %(scope)s") % {
            "count": row.count, "days": row.window_days, "scope": SCOPES[row.scope]}
    if isinstance(row, Agent):
        return agent_in_words(row)
    if isinstance(row, Band):
        return gettext("from %(number)s: %(colour)s") % {"number": row.at_least, "colour": COLOURS[row.colour]}
    return ""
