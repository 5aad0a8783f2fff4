"""A park's own rule, read as a pack's rule is read: the same language, the same mistakes refused."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from jiugong.policy.controls import read_control
from jiugong.policy.duties import read_duty
from jiugong.policy.exposures import read_exposure
from jiugong.policy.packs import AnyRule
from jiugong.policy.parameters import read_parameter
from jiugong.policy.plain import Plain
from jiugong.policy.reading import Entry

KINDS = ("parameter", "control", "duty", "exposure")


def read_rule(key: str, rule: Mapping[str, Any], value: Plain, *, since: date, until: date | None,
              basis: Mapping[str, Plain]) -> AnyRule:
    """The rule that these words are, with one value from `since` until the day before `until`. Raises BadPack."""
    head = {name: said for name, said in rule.items() if name not in ("kind", "day_index_base")}
    values: dict[str, Plain] = {str(since): {"value": value, **basis}}
    if until and until > since:
        values[str(until)] = {"end": True, **basis}
    entry = entry_of({**head, "values": values}, file=key)
    if rule["kind"] == "duty":
        return read_duty(key, entry)
    if rule["kind"] == "control":
        return read_control(key, entry, day_index_base=int(rule.get("day_index_base", 0)))
    if rule["kind"] == "exposure":
        return read_exposure(key, entry)
    return read_parameter(key, entry)


def entry_of(content: Plain, *, file: str) -> Entry:
    """Plain data as the reader of packs sees it."""
    if isinstance(content, dict):
        return Entry(file=file, line=1, content={key: entry_of(kept, file=file) for key, kept in content.items()})
    if isinstance(content, list):
        return Entry(file=file, line=1, content=tuple(entry_of(kept, file=file) for kept in content))
    if isinstance(content, bool):
        return Entry(file=file, line=1, content="true" if content else "false")
    return Entry(file=file, line=1, content="" if content is None else str(content))
