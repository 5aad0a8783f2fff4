#!/usr/bin/env bash
# Make .venv with the Python that was asked for, or say in one sentence what is missing.
set -euo pipefail

python="$1"

if ! command -v "$python" >/dev/null; then
    echo "Jiugong needs Python 3.11 or newer, and there is no '$python' here. Install it, or say: make setup PYTHON=/path/to/python3" >&2
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Jiugong needs Python 3.11 or newer; '$python' is $("$python" -V 2>&1). Say: make setup PYTHON=/path/to/newer/python3" >&2
    exit 1
fi

if [ ! -x .venv/bin/python ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    "$python" -c 'import ensurepip, venv' 2>/dev/null || "$(dirname "$0")/system-packages.sh" venv "$python"
    echo "Making .venv with $("$python" -V 2>&1) ..."
    "$python" -m venv .venv
fi
