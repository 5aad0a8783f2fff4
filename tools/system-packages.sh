#!/usr/bin/env bash
# What the tests need from the machine itself: a Chromium, a font that can write Chinese, and a Java for Spark.
#   tools/system-packages.sh test            a browser, a font and a Java
#   tools/system-packages.sh venv PYTHON     the part of Python that makes environments, where a machine leaves it out
set -euo pipefail

browsers="chromium chromium-browser google-chrome google-chrome-stable"

has_browser() { for name in $browsers; do command -v "$name" >/dev/null && return 0; done; return 1; }
has_font() { command -v fc-list >/dev/null && [ -n "$(fc-list ':lang=zh-cn' 2>/dev/null | head -n 1)" ]; }

has_java() {                                 # 17 or newer: what Spark 4 runs on
    command -v java >/dev/null || return 1
    local major
    major="$(java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1)"
    [ "${major:-0}" -ge 17 ]
}

missing=()
case "${1:-test}" in
    venv)
        version="$("$2" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
        missing+=("python$version-venv")
        ;;
    test)
        has_browser || missing+=(chromium)
        has_font || missing+=(fontconfig fonts-noto-cjk)
        has_java || missing+=(default-jre-headless)
        ;;
    *)
        echo "usage: tools/system-packages.sh test | venv PYTHON" >&2
        exit 2
        ;;
esac

[ ${#missing[@]} -eq 0 ] && exit 0
names="${missing[*]}"

if ! command -v apt-get >/dev/null; then
    echo "The machine lacks: $names. There is no apt-get here, so install them (or what your system calls them) and try again." >&2
    exit 1
fi
if [ "$(id -u)" -eq 0 ]; then
    as_root=()
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root=(sudo -n)
elif command -v sudo >/dev/null && [ -t 0 ]; then
    as_root=(sudo)
else
    echo "The machine lacks: $names. Installing them takes root or sudo; ask whoever has it for: apt-get install $names" >&2
    exit 1
fi

echo "Installing from the system's own packages: $names"
"${as_root[@]}" apt-get update -qq || echo "The list of packages could not be renewed; going on with the one that is here." >&2
if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null; then
    echo "apt-get could not install: $names. See above why; install them by hand and try again." >&2
    exit 1
fi
