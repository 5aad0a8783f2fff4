"""The command line: one tree of thin doors. What each does stands in the rooms' `commands.py`.

It acts as the journalled `operator` of this JIUGONG_HOME and needs no session. Exit status 0 is done, 1 refused,
2 wrong usage.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence

import django
from django.db import DatabaseError

from jiugong.lib.refusal import Refusal
from jiugong.lib.secrets import NoKeys


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiugong.settings")
    django.setup()
    from django.conf import settings
    from django.utils import translation

    translation.activate(settings.LANGUAGE_CODE)
    given = parser().parse_args(words)
    try:
        return int(given.run(given))
    except Refusal as refusal:
        return _refused(given, refusal.code, _sentence(refusal), refusal.facts)
    except NoKeys:
        return _refused(given, "command.not_set_up", translation.gettext("Run `jiugong setup` first."), {})
    except DatabaseError as reason:
        return _database_refused(given, str(reason).strip())
    except BrokenPipeError:                       # whoever read our answer has read enough, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def entry_point() -> None:
    """The console script."""
    sys.exit(main())


def parser() -> argparse.ArgumentParser:
    """The whole tree of commands."""
    from jiugong import house_commands, story_commands
    from jiugong.accounts import commands as accounts
    from jiugong.briefs import commands as briefs
    from jiugong.closing import commands as closing
    from jiugong.duties import commands as duties
    from jiugong.journal import commands as journal
    from jiugong.journal import notice_commands as notices
    from jiugong.lasting import commands as lasting
    from jiugong.policy import commands as policy
    from jiugong.registry import badge_commands as badges
    from jiugong.registry import commands as registry
    from jiugong.registry import ground_commands as ground
    from jiugong.rulebook import commands as rulebook
    from jiugong.screening import advice_commands as advice
    from jiugong.screening import commands as screening
    from jiugong.screening import laboratory_commands as laboratories
    from jiugong.screening import result_commands as results
    from jiugong.tracing import commands as tracing
    from jiugong.tracing import history_commands as history
    from jiugong.tracing import paper_commands as tracing_papers
    from jiugong.tracing import risk_commands as risk

    policy.speak_with(_sentence)
    tree = argparse.ArgumentParser(prog="jiugong", description="九宫: who owes what today, and who answers for it.")
    commands = tree.add_subparsers(required=True, metavar="COMMAND")
    house_commands.add_parser(commands)
    importing = commands.add_parser("import", help="take in what a park keeps in files").add_subparsers(
        required=True, metavar="WHAT")
    registry.add_import(importing)
    ground.add_import(importing)
    screening.add_import(importing)
    duties.add_import(importing)
    tracing.add_import(importing)
    risk.add_import(importing)
    registry.add_parser(commands)
    badges.add_parser(commands)
    screening.add_parser(commands)
    advice.add_parser(commands)
    laboratories.add_parser(commands)
    results.add_parser(commands)
    tracing.add_parser(commands)
    history.add_parser(commands)
    tracing_papers.add_parser(commands)
    accounts.add_parser(commands)
    journal.add_parser(commands)
    lasting.add_parser(commands)
    notices.add_parser(commands)
    rulebook.add_parser(commands)
    policy.add_parser(commands)
    briefs.add_parser(commands)
    closing.add_parser(commands)
    story_commands.add_parser(commands)
    return tree


def _sentence(refusal: Refusal) -> str:
    from django.utils.translation import gettext

    return gettext(str(refusal.message)) % refusal.facts


NOT_SET_UP = ("no such table", "does not exist", "unable to open database file")


def _database_refused(given: argparse.Namespace, reason: str) -> int:
    """A database without our tables needs `jiugong setup`; one that does not answer needs whoever runs it."""
    from django.utils.translation import gettext as _

    if any(sign in reason for sign in NOT_SET_UP):
        return _refused(given, "command.not_set_up", _("Run `jiugong setup` first."), {"reason": reason})
    return _refused(given, "command.database_unreachable", _("The database does not answer: %(reason)s.") % {"reason": reason},
                    {"reason": reason})


def _refused(given: argparse.Namespace, code: str, sentence: str, facts: dict[str, object]) -> int:
    if getattr(given, "json", False):
        print(json.dumps({"refused": code, "message": sentence, **facts}, ensure_ascii=False, default=str))
    else:
        print(f"{sentence}  [{code}]", file=sys.stderr)
    return 1


if __name__ == "__main__":
    entry_point()
