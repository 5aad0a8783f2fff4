"""What a piece of evidence must say to be one: a typed shape for each kind. Plain Python.

Sources: antigen is read after 15 to 20 minutes, earlier or later is not valid (kit instructions, 2022); body
temperatures outside 34–43 °C are slips of the finger.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

READ_FROM, READ_UNTIL = timedelta(minutes=15), timedelta(minutes=20)
COLDEST, HOTTEST = 34.0, 43.0
SYMPTOMS = ("fever", "cough", "sore_throat", "fatigue", "loss_of_taste", "diarrhoea", "rash", "other")
ANTIGEN_RESULTS = ("negative", "positive", "invalid")


class Misshapen(ValueError):
    """Evidence that does not have the shape of its kind: which field, and what is wrong with it."""

    def __init__(self, field: str, wrong: str) -> None:
        super().__init__(f"{field}: {wrong}")
        self.field, self.wrong = field, wrong


@dataclass(frozen=True, kw_only=True)
class Read:
    """Evidence that was read: its data in the shape of its kind, and whether it counts as done."""

    data: Mapping[str, object]
    valid: bool = True


def read_health_report(data: Mapping[str, object]) -> Read:
    """`temperature` in °C with at most one decimal; `symptoms` a list of known words, empty for none."""
    temperature = data.get("temperature")
    if isinstance(temperature, bool) or not isinstance(temperature, int | float):
        raise Misshapen("temperature", "needs a number in degrees Celsius, as in 36.5")
    if not COLDEST <= temperature <= HOTTEST:
        raise Misshapen("temperature", f"{temperature} is outside {COLDEST}–{HOTTEST} °C; measure again")
    symptoms = data.get("symptoms", [])
    if not isinstance(symptoms, list) or not all(each in SYMPTOMS for each in symptoms):
        raise Misshapen("symptoms", f"needs a list of: {', '.join(SYMPTOMS)}")
    return Read(data={"temperature": round(float(temperature), 1), "symptoms": sorted(set(symptoms))})


def read_antigen(data: Mapping[str, object]) -> Read:
    """`result`, `started_at` and `read_at` as ISO moments with offset. Read too early or late, it does not count."""
    result = data.get("result")
    if result not in ANTIGEN_RESULTS:
        raise Misshapen("result", f"needs one of: {', '.join(ANTIGEN_RESULTS)}")
    started, read = _moment(data, "started_at"), _moment(data, "read_at")
    if read < started:
        raise Misshapen("read_at", "lies before the start")
    in_time = READ_FROM <= read - started <= READ_UNTIL
    return Read(data={"result": result, "started_at": started.isoformat(), "read_at": read.isoformat()},
                valid=in_time and result != "invalid")


def _moment(data: Mapping[str, object], field: str) -> datetime:
    try:
        moment = datetime.fromisoformat(str(data.get(field, "")))
    except ValueError as reason:
        raise Misshapen(field, "needs a moment such as 2022-07-22T08:00:00+08:00") from reason
    if moment.tzinfo is None:
        raise Misshapen(field, "needs an offset such as +08:00")
    return moment


KINDS: Mapping[str, Callable[[Mapping[str, object]], Read]] = {
    "health_report": read_health_report,
    "antigen": read_antigen,
}
