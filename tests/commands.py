"""Commands of a home: each as a process of its own, or one after the other in a process that stays, as a server does."""

import json
import subprocess
import sys
from typing import Any, Self

from tests.installed import JIUGONG

LISTENS = """
import contextlib, io, json, sys
from django.db import connections
from jiugong.cli import main
for line in sys.stdin:
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        try:
            status = main(json.loads(line))
        except SystemExit as said:
            status = said.code
        connections.close_all()
    print(json.dumps([status, out.getvalue(), err.getvalue()]), flush=True)
"""


class Home:
    """An installation, spoken to by the command line alone."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.listener: subprocess.Popen[str] | None = None

    def run(self, *words: object) -> tuple[int, str, str]:
        """A command as a process of its own: its status, and what it says."""
        done = subprocess.run([JIUGONG, *map(str, words)], env=self.environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    def ask(self, *words: object, status: int = 0) -> dict[str, Any]:
        """A command with --json: one document on standard output and nothing else.

        It is run where the last one was: to start Python and the house for each would be most of the time of a test.
        """
        return _document(self._tell(*words, "--json"), status)

    def ask_alone(self, *words: object, status: int = 0) -> dict[str, Any]:
        """The same by a process of its own."""
        return _document(self.run(*words, "--json"), status)

    def _tell(self, *words: object) -> tuple[int, str, str]:
        if self.listener is None:
            self.listener = subprocess.Popen([sys.executable, "-c", LISTENS], env=self.environment, text=True,
                                             stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.listener.stdin and self.listener.stdout
        self.listener.stdin.write(json.dumps([*map(str, words)]) + "\n")
        self.listener.stdin.flush()
        said = self.listener.stdout.readline()
        assert said, f"The process of this home ended at {words}."
        status, out, err = json.loads(said)
        return int(status), out, err

    def rest(self) -> None:
        """Nothing of this home runs any more: it may be copied."""
        if self.listener:
            self.listener.communicate()
            self.listener = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_reason: object) -> None:
        self.rest()


def _document(said: tuple[int, str, str], status: int) -> dict[str, Any]:
    code, out, err = said
    assert code == status, (code, out[-2000:], err[-2000:])
    answer: dict[str, Any] = json.loads(out)
    return answer
