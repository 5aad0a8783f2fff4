"""The list of people who are coming back to an enterprise, and what changed since its list before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jiugong.duties.logic.shapes import Data, Misshapen, Parameters, Read, text, the_day

MOST_RETURNEES = 2000
FIELDS = ("name", "from", "arriving_on", "by")

Returnee = Mapping[str, str]


def read_returnee_list(data: Data, _parameters: Parameters) -> Read:
    """`returnees`: each with `name`, `from` where, `arriving_on`, and `by` which vehicle. Nobody coming is an empty list."""
    listed = data.get("returnees")
    if not isinstance(listed, list) or len(listed) > MOST_RETURNEES:
        raise Misshapen("returnees", "returnees", most=MOST_RETURNEES)
    read, seen = [], set()
    for number, each in enumerate(listed, start=1):
        returnee = _returnee(each, number)
        key = returnee["name"], returnee["from"]
        if key in seen:
            raise Misshapen(f"returnees.{number}", "twice", name=returnee["name"])
        seen.add(key)
        read.append(returnee)
    return Read(data={"returnees": read})


def _returnee(found: object, number: int) -> dict[str, str]:
    if not isinstance(found, dict):
        raise Misshapen(f"returnees.{number}", "returnee")
    try:
        return {"name": text(found, "name", longest=40), "from": text(found, "from", longest=80),
                "arriving_on": the_day(found, "arriving_on").isoformat(), "by": text(found, "by", longest=80, needed=False)}
    except Misshapen as reason:
        raise Misshapen(f"returnees.{number}.{reason.field}", reason.wrong, **reason.facts) from reason


@dataclass(frozen=True, kw_only=True)
class Delta:
    """A list beside the one before: who is new, who changed (before and now), who is gone."""

    new: tuple[Returnee, ...] = ()
    changed: tuple[tuple[Returnee, Returnee], ...] = ()
    gone: tuple[Returnee, ...] = ()
    same: int = 0


def delta(before: Sequence[Returnee], now: Sequence[Returnee]) -> Delta:
    """What changed from one list to the next. Somebody is known by name and origin, or by a name that stands once."""
    left = list(before)
    pairs: list[tuple[Returnee, Returnee | None]] = []
    for each in now:
        pairs.append((each, _take(left, each)))
    changed = tuple((was, each) for each, was in pairs if was is not None and dict(was) != dict(each))
    return Delta(new=tuple(each for each, was in pairs if was is None), changed=changed, gone=tuple(left),
                 same=sum(1 for each, was in pairs if was is not None and dict(was) == dict(each)))


def _take(left: list[Returnee], wanted: Returnee) -> Returnee | None:
    named = [each for each in left if each["name"] == wanted["name"]]
    found = next((each for each in named if each["from"] == wanted["from"]), named[0] if len(named) == 1 else None)
    if found is not None:
        left.remove(found)
    return found
