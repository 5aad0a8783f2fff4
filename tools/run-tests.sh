#!/usr/bin/env bash
# Every test: once on SQLite, then on PostgreSQL without what no database can change. Prints both closing lines again at the end.
set -uo pipefail
export CI="${CI:-1}"          # the same examples every time
cd "$(dirname "$0")/.."

workers="${JIUGONG_TEST_WORKERS:-2}"
notes="$(mktemp -d)"
trap 'rm -rf "$notes"' EXIT
failed=0

suite() {
    local store="$1"
    shift
    echo "== tests on $store"
    JIUGONG_TEST_DATABASE="$store" .venv/bin/python -m pytest -n "$workers" --dist loadfile --no-loadscope-reorder "$@" 2>&1 | tee "$notes/$store"
    [ "${PIPESTATUS[0]}" -eq 0 ] || failed=1
}

suite sqlite
suite postgresql -m "not browser and not pure"

echo
for store in sqlite postgresql; do
    printf '%-11s%s\n' "$store" "$(grep -v '^[[:space:]]*$' "$notes/$store" | tail -n 1)"
done
exit "$failed"
