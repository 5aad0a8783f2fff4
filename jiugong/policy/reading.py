"""Read a pack file so that text stays text and every mistake is told with its file and line.

Plain YAML 1.1 turns `on` into true, `NO` into false and `10:00` into 600, and of two equal keys the last one wins.
Here a scalar is text until somebody asks for a day, a number or a yes, and a key said twice is refused.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NoReturn

import yaml

from jiugong.policy.errors import BadPack
from jiugong.policy.plain import Plain

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_WHOLE_NUMBER = re.compile(r"-?(0|[1-9]\d*)", re.ASCII)
_DECIMAL = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?", re.ASCII)
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)   # the same rules, many times faster, where libyaml is built in
_YES_OR_NO = {"true": True, "false": False}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing in a pack file: a text, a list or a record. It remembers where it stands."""

    file: str
    line: int
    content: "str | tuple[Entry, ...] | Mapping[str, Entry]"
    quoted: bool = False

    def wrong(self, what: str, do: str) -> NoReturn:
        """Refuse the file: what is wrong here, and what to do about it."""
        raise BadPack(file=self.file, line=self.line, what=what, do=do)

    def text(self) -> str:
        """A text, exactly as it is written."""
        if not isinstance(self.content, str):
            self.wrong("A text is expected here.", "Write it on one line.")
        if not self.content.strip():
            self.wrong("Nothing is written here.", "Fill it in, or leave the key out.")
        return self.content

    def one_of(self, words: tuple[str, ...]) -> str:
        """One word of a closed list."""
        if self.text() not in words:
            self.wrong(f"{self.text()} is not known here.", f"Write one of: {', '.join(words)}.")
        return self.text()

    def whole_number(self, *, at_least: int) -> int:
        """A whole number in plain digits."""
        if self.quoted or not _WHOLE_NUMBER.fullmatch(self.text()):
            self.wrong(f"{self.text()} is not a whole number.", "Write plain digits, without quotes or signs.")
        if int(self.text()) < at_least:
            self.wrong(f"{self.text()} is too small.", f"Write {at_least} or more.")
        return int(self.text())

    def decimal(self) -> Decimal:
        """A number that may have decimals, exact as it is written."""
        if self.quoted or not _DECIMAL.fullmatch(self.text()):
            self.wrong(f"{self.text()} is not a number.", "Write plain digits such as 37.3, without quotes.")
        return Decimal(self.text())

    def yes_or_no(self) -> bool:
        """True or false, in these two words only."""
        if self.quoted or self.text() not in _YES_OR_NO:
            self.wrong(f"{self.text()} is neither true nor false.", "Write true or false, without quotes.")
        return _YES_OR_NO[self.text()]

    def day(self) -> date:
        """A day written as year, month and day."""
        try:
            return read_day(self.text())
        except ValueError:
            self.wrong(f"{self.text()} is not a day.", "Write a day of the calendar such as 2022-06-28.")

    def items(self) -> "tuple[Entry, ...]":
        """A list."""
        if not isinstance(self.content, tuple):
            self.wrong("A list is expected here.", "Write [one, another], or one line with - for each.")
        return self.content

    def pairs(self) -> "Mapping[str, Entry]":
        """A record whose keys are free."""
        if not isinstance(self.content, Mapping):
            self.wrong("Keys with values are expected here.", "Write one `key: value` on each line.")
        return self.content

    def fields(self, *needed: str, optional: tuple[str, ...] = ()) -> "Mapping[str, Entry]":
        """A record with these keys: all that are needed, perhaps the optional ones, and no others."""
        found = self.pairs()
        for key, entry in found.items():
            if key not in needed and key not in optional:
                entry.wrong(f"The key {key} is not known here.", f"Use: {', '.join(needed + optional)}.")
        for key in needed:
            if key not in found:
                self.wrong(f"The key {key} is missing.", "Add it.")
        return found

    def plain(self) -> Plain:
        """The whole content as plain data, where nothing says what is expected: cases and given facts."""
        if isinstance(self.content, tuple):
            return [entry.plain() for entry in self.content]
        if isinstance(self.content, Mapping):
            return {key: entry.plain() for key, entry in self.content.items()}
        if not self.quoted and _WHOLE_NUMBER.fullmatch(self.content):
            return int(self.content)
        return self.content if self.quoted else _YES_OR_NO.get(self.content, self.content)


def read_day(text: str) -> date:
    """Read a day such as 2022-06-28 and no other form. Raises ValueError."""
    if not _DAY.fullmatch(text):
        raise ValueError(f"{text} is not a day such as 2022-06-28")
    return date.fromisoformat(text)


def read(path: Path, *, root: Path) -> Entry:
    """Read one pack file. In errors it is named as it stands below the folder of all packs."""
    file = path.relative_to(root).as_posix()
    try:
        text = path.read_text(encoding="utf-8")
        _refuse_shorthand(text, file)
        node = yaml.compose(text, Loader=_LOADER)
    except UnicodeDecodeError:
        raise BadPack(file=file, line=1, what="The file is not UTF-8 text.", do="Save it as UTF-8.") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = f"{(error.problem or 'this is not YAML').capitalize()}."
        raise BadPack(file=file, line=mark.line + 1 if mark else 1, what=what, do="Mend the line.") from None
    except yaml.YAMLError:
        raise BadPack(file=file, line=1, what="A sign in the file is not text.", do="Remove it.") from None
    if node is None:
        raise BadPack(file=file, line=1, what="The file is empty.", do="Write the rule, or remove the file.")
    return _entry(node, file)


def _refuse_shorthand(text: str, file: str) -> None:
    """An alias says in two places what a reader finds in one, and a tag changes what a text is: neither is used."""
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "tag", None):
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise BadPack(file=file, line=line, what="An alias or a tag stands here.", do="Write it out.")


def _entry(node: yaml.Node, file: str) -> Entry:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return Entry(file=file, line=line, content=tuple(_entry(child, file) for child in node.value))
    if isinstance(node, yaml.MappingNode):
        return Entry(file=file, line=line, content=_record(node, file))
    quoted = isinstance(node, yaml.ScalarNode) and bool(node.style)          # a plain text has no style, or an empty one
    return Entry(file=file, line=line, content=node.value, quoted=quoted)


def _record(node: yaml.MappingNode, file: str) -> dict[str, Entry]:
    record: dict[str, Entry] = {}
    for key_node, value_node in node.value:
        key = _entry(key_node, file)
        if key.text() in record:
            key.wrong(f"{key.text()} is said twice.", "Keep one of the two.")
        record[key.text()] = _entry(value_node, file)
    return record
