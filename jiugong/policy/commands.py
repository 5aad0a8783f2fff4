"""The command line's door to policy packs: list, show, ask, compare, check.

Every command prints what it found and returns an exit status: 0 done, 1 refused; wrong usage is 2, as argparse has it.
With `--json` there is one JSON document on standard output and nothing else.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from jiugong import policy
from jiugong.policy import cases, comparing, in_chinese
from jiugong.policy.errors import PolicyRefusal
from jiugong.policy.packs import Pack, available
from jiugong.policy.plain import Plain, plain
from jiugong.policy.reading import read_day
from jiugong.policy.release import Release, load

if TYPE_CHECKING:
    Subparsers: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]

DONE, REFUSED = 0, 1


@dataclass(frozen=True, kw_only=True)
class Printed:
    """What a command says, as data and in words."""

    data: Plain
    lines: Iterable[str]
    status: int = DONE


def add_parser(subparsers: "Subparsers") -> None:
    """Add `policy` and its commands to the command line."""
    parser = subparsers.add_parser("policy", help="政策包：查看、提问、比较、检查")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add(commands, "list", list_packs, "列出全部政策包")
    _add(commands, "show", show, "显示一个政策包的全部规定及其依据", "pack")
    ask_parser = _add(commands, "ask", ask, "按某日有效的文本回答一个问题", "pack", "question")
    ask_parser.add_argument("--day", required=True, type=_day, help="2022-11-12：按这一天有效的文本回答")
    ask_parser.add_argument("--given", default={}, type=_given, help='JSON，如 {"last_exposed_on": "2022-11-10"}')
    _add(commands, "compare", compare, "逐日比较两个政策包", "left", "right")
    _add(commands, "check", check, "运行全部政策包自带的用例")


def list_packs(arguments: argparse.Namespace) -> Printed:
    """Every pack there is."""
    packs = available(policy.PACKS)
    return Printed(data={"packs": [_pack_as_data(pack) for pack in packs]}, lines=map(in_chinese.pack_line, packs))


def show(arguments: argparse.Namespace) -> Printed:
    """One release with every rule, value and reference."""
    release = load(policy.PACKS, arguments.pack)
    return Printed(data=_release_as_data(release), lines=in_chinese.release_lines(release))


def ask(arguments: argparse.Namespace) -> Printed:
    """The answer of a release to a question, with its reasons."""
    verdict = load(policy.PACKS, arguments.pack).ask(arguments.question, day=arguments.day, given=arguments.given)
    because: Plain = [reason.as_data() for reason in verdict.because]
    return Printed(data={"answer": verdict.answer, "because": because},
                   lines=in_chinese.verdict_lines(verdict, arguments.question, arguments.day))


def compare(arguments: argparse.Namespace) -> Printed:
    """Where two releases differ."""
    comparison = comparing.compare(load(policy.PACKS, arguments.left), load(policy.PACKS, arguments.right))
    return Printed(data=comparison.as_data(), lines=in_chinese.comparison_lines(comparison))


def check(arguments: argparse.Namespace) -> Printed:
    """Run the cases of every pack; refused if one fails or is missing."""
    reports = [cases.check(load(policy.PACKS, pack.key), policy.PACKS) for pack in available(policy.PACKS)]
    passed = all(report.passed for report in reports)
    return Printed(data={"passed": passed, "packs": [report.as_data() for report in reports]},
                   lines=(line for report in reports for line in in_chinese.report_lines(report)),
                   status=DONE if passed else REFUSED)


_spoken: Callable[[PolicyRefusal], str] = str


def speak_with(spoken: Callable[[PolicyRefusal], str]) -> None:
    """Plug in how a refusal is said in the reader's language; this room knows no translations."""
    global _spoken
    _spoken = spoken


Command: TypeAlias = Callable[[argparse.Namespace], Printed]


def _add(commands: "Subparsers", name: str, command: Command, about: str, *names: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=about)
    for positional in names:
        parser.add_argument(positional)
    parser.add_argument("--json", action="store_true", help="只输出一个 JSON 文档")
    parser.set_defaults(run=partial(_run, command))
    return parser


def _run(command: Command, arguments: argparse.Namespace) -> int:
    try:
        printed = command(arguments)
    except PolicyRefusal as refusal:
        sentence = _spoken(refusal)
        if arguments.json:
            _print_json(plain({**refusal.as_data(), "message": sentence}))
        else:
            print(f"{sentence}  [{refusal.code}]", file=sys.stderr)
        return REFUSED
    if arguments.json:
        _print_json(printed.data)
    else:
        print("\n".join(printed.lines))
    return printed.status


def _print_json(data: Plain) -> None:
    print(json.dumps(data, ensure_ascii=False))


def _day(text: str) -> date:
    try:
        return read_day(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _given(text: str) -> dict[str, object]:
    try:
        given = json.loads(text)
    except json.JSONDecodeError as error:
        raise argparse.ArgumentTypeError(f"this is not JSON: {error}") from None
    if not isinstance(given, dict):
        raise argparse.ArgumentTypeError('give the facts as a JSON object such as {"left_on": "2022-11-10"}')
    return given


def _pack_as_data(pack: Pack) -> dict[str, Plain]:
    return {"key": pack.key, "amends": pack.amends, **pack.effect(), **pack.words()}


def _release_as_data(release: Release) -> dict[str, Plain]:
    rules: dict[str, Plain] = {}
    for key, rule in release.rules.items():
        rules[key] = {"effect": rule.effect(), "words": rule.words()}
    return {**_pack_as_data(release.pack), "fingerprint": plain(release.fingerprint), "rules": rules}
