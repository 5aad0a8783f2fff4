"""Keeps a worker running beside a server: starts it, starts it again when it dies, and ends with the server.

A process of its own, and a small one: nothing but the standard library. The server becomes granian and cannot look after
anybody; so this process looks whether its parent is still there, however the parent ended.
"""

import os
import signal
import subprocess
import sys
import time
from types import FrameType

LOOKS_EVERY, WAITS_FOR_THE_WORKER, LONGEST_PAUSE = 0.5, 30, 60           # seconds


def keep(server: int) -> None:
    """Keep a worker as long as the server lives."""
    told_to_stop: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        told_to_stop.append(number)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    worker: subprocess.Popen[bytes] | None = _start()
    pause, starts_at = 1.0, 0.0
    while os.getppid() == server and not told_to_stop:
        time.sleep(LOOKS_EVERY)
        if worker is None and time.monotonic() >= starts_at:
            worker = _start()
        elif worker is not None and worker.poll() is not None:
            worker, starts_at, pause = None, time.monotonic() + pause, min(pause * 2, LONGEST_PAUSE)
    if worker is not None:
        worker.terminate()
        try:
            worker.wait(WAITS_FOR_THE_WORKER)
        except subprocess.TimeoutExpired:
            worker.kill()


def _start() -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", "jiugong.cli", "worker"])


if __name__ == "__main__":
    keep(int(sys.argv[1]))
