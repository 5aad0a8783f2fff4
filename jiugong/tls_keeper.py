"""What runs beside a server over TLS, and ends with it: certificates are renewed by themselves, and the plain port answers.

    python -m jiugong.tls_keeper --folder … --parent PID --host 0.0.0.0 --plain-port 8000 [--name …] [--certificate … --key …]

The server's process is our parent. Once an hour (and a minute after the addresses changed) the certificate is looked at; if it
was signed anew, the server is told to take it (SIGHUP): its workers are replaced one by one, and nobody is cut off.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from jiugong.lib import addresses, clock
from jiugong.lib.commanding import complain
from jiugong.lib.refusal import Refusal
from jiugong.lib.tls_files import SERVER_LOG, Files, keep_local, keep_own

A_LOOK, AN_HOUR = 1.0, 3600.0                        # seconds


def main(words: Sequence[str] | None = None) -> None:
    """Keep until the parent is gone."""
    given = _parser().parse_args(words)
    plain = _plain_port(given) if given.plain_port != "0" else None
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(0))
    try:
        _watch(given)
    except KeyboardInterrupt:
        pass
    finally:
        if plain:
            plain.terminate()
            plain.wait(20)


def _watch(given: argparse.Namespace) -> None:
    looked, known = time.monotonic(), addresses.addresses()
    while os.getppid() == given.parent:
        time.sleep(A_LOOK)
        due = time.monotonic() - looked
        if due < given.every and not (due > given.every / 60 and addresses.addresses() != known):
            continue
        looked, known = time.monotonic(), addresses.addresses()
        try:
            if renewed(given):
                os.kill(given.parent, signal.SIGHUP)
        except Refusal as refusal:                   # what is served goes on being served
            complain(f"{refusal} [{refusal.code}]")


def renewed(given: argparse.Namespace) -> bool:
    """Look at the certificate once; True if another one stands there now."""
    files, at = Files(Path(given.folder)), clock.machine_time()
    if given.certificate:
        return keep_own(files, given.certificate, given.key, (), at=at)
    return keep_local(files, given.name, at=at)


def _plain_port(given: argparse.Namespace) -> subprocess.Popen[bytes]:
    server = str(Path(sys.executable).with_name("granian"))
    return subprocess.Popen([                        # noqa: S603 — our own server
        server, "--interface", "wsgi", "--host", given.host, "--port", given.plain_port, "--workers", "1",
        "--blocking-threads", "1", "--backlog", "128", "--no-ws", "--log-level", "warning", "--log-config", SERVER_LOG,
        "jiugong.plain_port:application"])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="jiugong.tls_keeper")
    for name in ("--folder", "--host", "--plain-port"):
        parser.add_argument(name, required=True)
    parser.add_argument("--parent", required=True, type=int)
    parser.add_argument("--name", action="append", default=[])
    parser.add_argument("--certificate", default="")
    parser.add_argument("--key", default="")
    parser.add_argument("--every", type=float, default=AN_HOUR, help="seconds between two looks; for tests")
    return parser


if __name__ == "__main__":
    main()
