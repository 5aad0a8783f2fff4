"""What a gateway's answer means: taken, not taken and to be tried again, refused for good, or unknown.

The robots' numbers are those of their makers: 0 is done; of the others only "too often" and "busy" are worth another try.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from jiugong.journal.logic.pausing import asked_pause
from jiugong.journal.stages import Stage
from jiugong.lib.calling import Answer

TOO_OFTEN = {"wecom": {"45009", "-1"}, "dingtalk": {"130101", "-1"}, "feishu": {"11232", "9499"}}
CODE_AT = {"wecom": ("errcode",), "dingtalk": ("errcode",), "feishu": ("code", "StatusCode")}
AGAIN = {408, 425, 429, 500, 503}                  # the gateway itself says that it did nothing
NOBODY_KNOWS = {502, 504}                          # somebody between us and the gateway says so
LONGEST_ID = 120
A_CODE = re.compile(r"-?[0-9]{1,6}|[A-Za-z_][\w.:-]{0,39}")         # what may be kept; an answer may also name the phone


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of one try. `reason` is a word of `words.py`; WAITING means: try again."""

    stage: Stage
    reason: str = ""
    status: int | None = None
    code: str = ""
    provider_id: str = ""
    asked_for: timedelta | None = None
    holds_all: bool = False                        # the whole channel rests, not this one delivery alone


def of_robot(kind: str, answer: Answer, now: datetime) -> Outcome:
    """What the answer of a group robot means: HTTP says 200 also where the message was refused."""
    if answer.status != 200:
        return of_status(answer, now)
    said = as_json(answer.body)
    code = next((str(said[name]) for name in CODE_AT[kind] if isinstance(said, Mapping) and name in said), "")
    if code == "0":
        return Outcome(stage=Stage.SENT, status=200, code=code)
    if code in TOO_OFTEN[kind]:
        return Outcome(stage=Stage.WAITING, reason="too_often", status=200, code=code, holds_all=True,
                       asked_for=asked_pause(answer.headers.get("retry-after", ""), now))
    if not code:
        return Outcome(stage=Stage.UNCERTAIN, reason="not_understood", status=200)
    return Outcome(stage=Stage.DEAD, reason="refused", status=200, code=kept_code(code))


def of_template(settings: Mapping[str, Any], answer: Answer, now: datetime, *, address: str = "") -> Outcome:
    """What the answer of an SMS gateway means, by the test that the park wrote: a value at a JSON path, or a text in it."""
    if not 200 <= answer.status < 300:
        return of_status(answer, now)
    path, wanted = str(settings.get("success_path", "")), str(settings.get("success_value", ""))
    said = as_json(answer.body)
    number = at_path(said, str(settings.get("id_path", "")))[:LONGEST_ID]
    if address and address in number:
        number = ""
    if path:
        found = at_path(said, path)
        is_done, code = found == wanted, kept_code(found)
    else:
        is_done, code = wanted in answer.body.decode(errors="replace"), ""
    if is_done:
        return Outcome(stage=Stage.SENT, status=answer.status, code=code, provider_id=number)
    return Outcome(stage=Stage.WAITING, reason="not_done", status=answer.status, code=code)


def of_status(answer: Answer, now: datetime) -> Outcome:
    """What a status alone means that is no success."""
    if answer.status in AGAIN:
        asked = asked_pause(answer.headers.get("retry-after", ""), now)
        return Outcome(stage=Stage.WAITING, reason="too_often" if answer.status == 429 else "busy", status=answer.status,
                       asked_for=asked, holds_all=bool(asked) or answer.status in (429, 503))
    if answer.status in NOBODY_KNOWS or answer.status < 200:
        return Outcome(stage=Stage.UNCERTAIN, reason="no_answer", status=answer.status)
    return Outcome(stage=Stage.DEAD, reason="refused", status=answer.status)


def kept_code(said: str) -> str:
    """A gateway's word for what happened, if it is a code and no more."""
    return said if A_CODE.fullmatch(said) else ""


def as_json(body: bytes) -> Any:
    """The body as JSON; nothing where it is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def at_path(said: Any, path: str) -> str:
    """What stands at `data.list.0.code`, as text; empty where there is nothing, or no path."""
    if not path:
        return ""
    for step in path.split("."):
        if isinstance(said, Mapping) and step in said:
            said = said[step]
        elif isinstance(said, list) and step.isdecimal() and int(step) < len(said):
            said = said[int(step)]
        else:
            return ""
    if isinstance(said, bool):
        return "true" if said else "false"
    return "" if said is None or isinstance(said, Mapping | list) else str(said)
