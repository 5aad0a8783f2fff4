"""What to do about a value that is out of range, in plain words: a code with facts, said by `duties/sentences.py`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from jiugong.duties.logic.cleaning import PRACTICE, strength
from jiugong.duties.logic.health import READ_FROM, READ_UNTIL
from jiugong.duties.logic.shapes import Data, Parameters

FEVER_FROM = Decimal("37.3")                 # the threshold in general use in 2020–22; a pack's `fever_from` comes first
TOO_COLD = 35.0


@dataclass(frozen=True, kw_only=True)
class Advice:
    """One thing to do. `level` is `stop` (do not go to work), `again` (do it again) or `look` (have a look)."""

    code: str
    level: str
    facts: Mapping[str, object] = field(default_factory=dict)


def fever_from(parameters: Parameters) -> float:
    """From which temperature on somebody has a fever."""
    said = parameters.get("fever_from", FEVER_FROM)
    return float(said) if isinstance(said, int | float | Decimal) else float(FEVER_FROM)


def advice(kind: str, data: Data, parameters: Parameters) -> tuple[Advice, ...]:
    """What somebody should do about evidence that was read; nothing where all is well. 37.3 itself is a fever."""
    return tuple(_ADVISE[kind](data, parameters)) if kind in _ADVISE else ()


def _of_temperature(data: Data, parameters: Parameters) -> list[Advice]:
    found, limit = data.get("temperature"), fever_from(parameters)
    if not isinstance(found, int | float):
        return []
    if found >= limit:
        return [Advice(code="fever", level="stop", facts={"found": f"{found:.1f}", "limit": f"{limit:.1f}"})]
    if found < TOO_COLD:
        return [Advice(code="too_cold", level="again", facts={"found": f"{found:.1f}"})]
    return []


def _of_health_report(data: Data, parameters: Parameters) -> list[Advice]:
    symptoms = data.get("symptoms")
    told = [Advice(code="symptoms", level="stop")] if isinstance(symptoms, list) and symptoms else []
    return _of_temperature(data, parameters) + told


def _of_antigen(data: Data, _parameters: Parameters) -> list[Advice]:
    if data.get("result") == "positive":
        return [Advice(code="antigen_positive", level="stop")]
    if data.get("result") == "invalid":
        return [Advice(code="antigen_invalid", level="again")]
    took = datetime.fromisoformat(str(data["read_at"])) - datetime.fromisoformat(str(data["started_at"]))
    if READ_FROM <= took <= READ_UNTIL:
        return []
    code = "antigen_too_early" if took < READ_FROM else "antigen_too_late"
    return [Advice(code=code, level="again", facts={"minutes": int(took.total_seconds() // 60)})]


def _of_disinfection(data: Data, parameters: Parameters) -> list[Advice]:
    agent, minutes = str(data.get("agent", "")), data.get("contact_minutes")
    if agent not in PRACTICE or not isinstance(minutes, int):
        return []
    needed = strength(agent, str(data.get("use", "")), parameters).minutes
    if minutes >= needed:
        return []
    return [Advice(code="contact_too_short", level="again", facts={"minutes": minutes, "needed": needed})]


def _of_hygiene_check(data: Data, _parameters: Parameters) -> list[Advice]:
    seen = data.get("seen")
    return [Advice(code=code, level="look", facts={"count": seen - right}) for field_name, code in (
        ("masks_right", "masks_wrong"), ("hands_washed", "hands_unwashed"))
        if isinstance(right := data.get(field_name), int) and isinstance(seen, int) and right < seen]


def _of_standing_water(data: Data, _parameters: Parameters) -> list[Advice]:
    found, cleared = data.get("spots_found"), data.get("spots_cleared")
    if not isinstance(found, int) or not isinstance(cleared, int) or cleared >= found:
        return []
    return [Advice(code="water_left", level="again", facts={"count": found - cleared})]


_ADVISE = {"temperature": _of_temperature, "health_report": _of_health_report, "antigen": _of_antigen,
           "disinfection": _of_disinfection, "hygiene_check": _of_hygiene_check,
           "standing_water": _of_standing_water}
