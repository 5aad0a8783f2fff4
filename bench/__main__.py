"""`make bench`: run every benchmark in short form, side by side with its peer; `make soak` runs the long forms."""

import argparse
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime

BENCHES = ("gap", "roster", "pages", "scans", "overload", "board", "trials", "city", "closing", "notice", "flagged",
           "contact_list", "contacts")
STORES = ("sqlite", "postgresql")


def main() -> int:
    """Run each benchmark in a process of its own, on each store, and print what it says; its table comes at the end."""
    words = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    words.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHES)}")
    words.add_argument("--soak", action="store_true", help="the long forms")
    words.add_argument("--store", choices=STORES, help="one store alone")
    given = words.parse_args()
    worst, rows = 0, []
    for name in given.names or BENCHES:
        for store in [given.store] if given.store else STORES:
            long = ["--soak"] if given.soak else []
            with subprocess.Popen([sys.executable, "-m", f"bench.{name}", "--store", store, *long], stdout=subprocess.PIPE,
                                  text=True) as bench:
                assert bench.stdout
                for line in bench.stdout:
                    print(line, end="", flush=True)
                    rows += [line] if line.startswith("| ") else []
            worst = max(worst, bench.returncode)
    print(f"\n{datetime.now(UTC):%Y-%m-%d} · {platform.machine()} · {os.cpu_count()} cores · CPython {platform.python_version()}\n")
    print("| what | measured | budget | kept | load average |\n|---|---|---|---|---|\n" + "".join(rows), end="")
    return worst


if __name__ == "__main__":
    sys.exit(main())
