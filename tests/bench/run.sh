#!/usr/bin/env bash
# run.sh [--rounds K] [--no-peers] [--patience S] [--warm GIB] [--1m] [--area] [N…]
# How long an audit takes beside a plain copy of the file and beside other tools.
#
#   N             parcels (default: 10000 100000)
#   --rounds K    rounds of audit, check and copy in turn; the median counts (default: 3)
#   --no-peers    leave the other tools out; each runs once a size
#   --patience S  a run that other processes disturbed is done again, for up to S seconds
#   --warm GIB    take and free so much memory before each run, untimed: for a virtual machine whose host takes it back when it is free
#   --1m          copy and panhuo alone at 1 000 000 parcels
#   --area        the area kernel too (bench_area.c)
#
# Prints Markdown. Builds Release in build/bench (PANHUO=FILE measures that program instead). Data and outputs stand in
# $PANHUO_BENCH (default: a folder in $TMPDIR, removed at the end). Generator and pipelines of the other tools are looked for
# in $PANHUO_SHARED/bench or, beside the checkout, in shared/bench; exit 77 without them.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
shared=${PANHUO_SHARED:-$top/../shared}
rounds=3 patience=0 warm=0 area= large= sizes=() peers=()

while [ $# -gt 0 ]; do
    case $1 in
        --rounds) rounds=${2:?}; shift ;;
        --patience) patience=${2:?}; shift ;;
        --warm) warm=${2:?}; shift ;;
        --no-peers) peers=(--no-peers) ;;
        --1m) large=1000000 ;;
        --area) area=1 ;;
        [1-9]*) sizes+=("$1") ;;
        *) sed -n '2,11s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
    esac
    shift
done
[ ${#sizes[@]} -gt 0 ] || sizes=(10000 100000)
if [ ! -f "$shared/bench/gen_parcels.c" ]; then
    echo "skipped: bench: no bench/gen_parcels.c in $shared (set PANHUO_SHARED)"
    exit 77
fi

build=$top/build/bench
if [ -z "${PANHUO:-}" ] || [ -n "$area" ]; then
    cmake -S "$top" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DPANHUO_TESTS=$([ -n "$area" ] && echo ON || echo OFF) >&2
    cmake --build "$build" --parallel "$(nproc)" --target panhuo_cli ${area:+bench_area} -- --quiet >&2
fi
program=${PANHUO:-$build/bin/panhuo}

if [ -z "${PANHUO_BENCH:-}" ]; then
    PANHUO_BENCH=$(mktemp -d "${TMPDIR:-/tmp}/panhuo-bench.XXXXXX")
    trap 'rm -rf -- "$PANHUO_BENCH"' EXIT
fi
export PANHUO_BENCH PYTHONDONTWRITEBYTECODE=1
mkdir -p "$PANHUO_BENCH"
chmod 755 "$PANHUO_BENCH" # PostgreSQL's own user must reach its data in there
"${CC:-cc}" -O2 -o "$PANHUO_BENCH/gen_parcels" "$shared/bench/gen_parcels.c" -lm
generate() {
    [ -f "$PANHUO_BENCH/$1/truth.json" ] || "$PANHUO_BENCH/gen_parcels" "$1" 1 "$PANHUO_BENCH/$1"
}

/usr/bin/python3 "$here/machine.py" "$program" "$top" "$build"
common=(--shared "$shared/bench" --patience "$patience" --warm "$warm")
for size in "${sizes[@]}"; do
    generate "$size"
    /usr/bin/python3 "$here/measure.py" "$program" "$PANHUO_BENCH/$size" --rounds "$rounds" "${common[@]}" "${peers[@]}"
done
if [ -n "$large" ]; then
    generate "$large"
    /usr/bin/python3 "$here/measure.py" "$program" "$PANHUO_BENCH/$large" --rounds 3 "${common[@]}" --no-peers
fi
[ -z "$area" ] || "$build/tests/bench_area"
