#!/bin/sh
# run.sh TOPOLOGY_ORACLE WORKDIR [PARCELS]   Pair lists, areas and validity against GEOS on generated parcels (three seeds)
# and on real ones. Looks for bench/gen_parcels.c and data/kr-gangnam in $PANHUO_SHARED or, beside the checkout, in shared;
# exit 77 (skipped) without them.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
oracle=$1 work=$2 parcels=${3:-8000}
shared=${PANHUO_SHARED:-$here/../../../shared}
if [ ! -f "$shared/bench/gen_parcels.c" ]; then
    echo "skipped: topology: no bench/gen_parcels.c in $shared (set PANHUO_SHARED)"
    exit 77
fi
rm -rf "$work"
mkdir -p "$work"
"${CC:-cc}" -O2 -o "$work/gen_parcels" "$shared/bench/gen_parcels.c" -lm
passed=0 failed=0 skipped=0
compare() {
    echo "$1"
    if "$oracle" --threads 2 "$1"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}
for seed in 1 2 3; do
    mkdir "$work/$seed"
    "$work/gen_parcels" "$parcels" "$seed" "$work/$seed"
    compare "$work/$seed/parcels.shp"
done
if [ -f "$shared/data/kr-gangnam/Parcels.shp" ]; then
    compare "$shared/data/kr-gangnam/Parcels.shp"
else
    echo "SKIPPED: no data/kr-gangnam in $shared"
    skipped=1
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
