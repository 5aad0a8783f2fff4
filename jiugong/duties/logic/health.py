"""Evidence about somebody's health: health report, temperature, antigen result, vaccination.

Sources: antigen is read after 15 to 20 minutes, earlier or later is not valid (kit instructions, 2022); body
temperatures outside 34–43 °C are slips of the finger.
"""

from datetime import timedelta

from jiugong.duties.logic.shapes import (
    Data,
    Misshapen,
    Parameters,
    Read,
    count,
    moment,
    number,
    text,
    the_day,
    word,
    words,
)

READ_FROM, READ_UNTIL = timedelta(minutes=15), timedelta(minutes=20)
COLDEST, HOTTEST = 34.0, 43.0
LOWEST_LIMIT, HIGHEST_LIMIT = 37.0, 38.0                         # between these a pack sets where fever begins
SYMPTOMS = ("fever", "cough", "sore_throat", "fatigue", "loss_of_taste", "vomiting", "diarrhoea", "stomach_ache", "joint_pain",
            "rash", "other")
ANTIGEN_RESULTS = ("negative", "positive", "invalid")
MOST_DOSES = 6


def doses_needed(parameters: Parameters) -> int:
    """Which dose makes somebody count as vaccinated: the last that the rules ask for (`vaccination.doses`), else the first."""
    said = parameters.get("vaccination.doses")
    return said if isinstance(said, int) and not isinstance(said, bool) else 1


def read_health_report(data: Data, _parameters: Parameters) -> Read:
    """`temperature` in °C with at most one decimal; `symptoms` a list of known words, empty for none.

    Who measures a whole team writes down the exceptions only: `below` in the place of `temperature` says that it was
    measured and stayed below that limit. A temperature that nobody wrote down is not invented.
    """
    symptoms = words(data, "symptoms", SYMPTOMS)
    if "below" in data and "temperature" not in data:
        return Read(data={"below": number(data, "below", at_least=LOWEST_LIMIT, at_most=HIGHEST_LIMIT), "symptoms": symptoms})
    return Read(data={"temperature": _temperature(data), "symptoms": symptoms})


def read_temperature(data: Data, _parameters: Parameters) -> Read:
    """`temperature` in °C with at most one decimal."""
    return Read(data={"temperature": _temperature(data)})


def _temperature(data: Data) -> float:
    try:
        return round(number(data, "temperature", at_least=COLDEST, at_most=HOTTEST), 1)
    except Misshapen as reason:
        raise Misshapen("temperature", "temperature_" + reason.wrong, coldest=COLDEST, hottest=HOTTEST,
                        **reason.facts) from reason


def read_antigen(data: Data, _parameters: Parameters) -> Read:
    """`result`, `started_at` and `read_at` as ISO moments with offset. Read too early or late, it does not count."""
    result = word(data, "result", ANTIGEN_RESULTS)
    started, read = moment(data, "started_at"), moment(data, "read_at")
    if read < started:
        raise Misshapen("read_at", "before_start")
    return Read(data={"result": result, "started_at": started.isoformat(), "read_at": read.isoformat()}, at=read,
                valid=READ_FROM <= read - started <= READ_UNTIL and result != "invalid")


def read_vaccination(data: Data, _parameters: Parameters) -> Read:
    """`dose` from 1, the `product`, and `on`, the day. The day stands for the moment."""
    on = the_day(data, "on")
    return Read(data={"dose": count(data, "dose", at_least=1, at_most=MOST_DOSES),
                      "product": text(data, "product", longest=80), "on": on.isoformat()}, day=on)
