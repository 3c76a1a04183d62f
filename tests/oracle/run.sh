#!/bin/sh
# run.sh PANHUO WORKDIR rules|land|scoring [PARCELS]   Audits generated parcels and works the results out a second time: oracle.py,
# land.py, scoring.py.
# The generator gen_parcels.c is looked for in $PANHUO_SHARED/bench or, beside the checkout, in shared/bench; exit 77 (skipped) without it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=$1 work=$2 what=$3 parcels=${4:-10000}
shared=${PANHUO_SHARED:-$here/../../../shared}
if [ ! -f "$shared/bench/gen_parcels.c" ]; then
    echo "skipped: oracle: no bench/gen_parcels.c in $shared (set PANHUO_SHARED)"
    exit 77
fi
rm -rf "$work"
mkdir -p "$work/data"
"${CC:-cc}" -O2 -o "$work/gen_parcels" "$shared/bench/gen_parcels.c" -lm
"$work/gen_parcels" "$parcels" 1 "$work/data"
if [ "$what" = land ]; then
    exec /usr/bin/python3 "$here/land.py" "$program" "$work/data" "$work"
elif [ "$what" = scoring ]; then
    exec /usr/bin/python3 "$here/scoring.py" "$program" "$work/data" "$work"
fi
"$program" audit "$work/data/parcels.shp" --enterprises "$work/data/enterprises.csv" --ledger "$work/data/ledger.csv" \
    --as-of 2023-11-30 -o "$work/audit.gpkg" --overwrite
/usr/bin/python3 "$here/oracle.py" "$work/data" "$work/audit.gpkg" --as-of 2023-11-30
