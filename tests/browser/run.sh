#!/bin/sh
# run.sh PANHUO AUDIT.gpkg WORKDIR   Writes the HTML report of the audit and works through it in real Chromium.
# Needs Debian's chromium, nodejs (18 or later), npm, sqlite3, poppler-utils; exit 77 (skipped) without them. npm fetches playwright-core
# as package-lock.json pins it. Pictures and the printed sheets stay in WORKDIR.
# For the timing of 20 000 parcels bench/gen_parcels.c is looked for in $PANHUO_SHARED or, beside the checkout, in shared.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=$1 audit=$2 work=$3
for tool in chromium node npm sqlite3 pdftotext pdftoppm; do
    command -v "$tool" >/dev/null || { echo "skipped: browser: no $tool (tests/install.sh real)"; exit 77; }
done
mkdir -p "$work"
rm -rf "$work"/*.html "$work"/*.png "$work"/*.pdf "$work"/*.gpkg "$work"/data
cp "$here"/*.mjs "$here"/package.json "$here"/package-lock.json "$work"
(cd "$work" && npm ci --no-audit --no-fund --loglevel=error)

cp "$audit" "$work/audit.gpkg"
"$program" report "$work/audit.gpkg" -o "$work/report.html" --overwrite

# Texts that would act if they were taken for markup or code.
cp "$audit" "$work/hostile.gpkg"
sqlite3 "$work/hostile.gpkg" "SELECT 'DROP TRIGGER \"' || name || '\";' FROM sqlite_master WHERE type = 'trigger'" | sqlite3 "$work/hostile.gpkg"
sqlite3 "$work/hostile.gpkg" "UPDATE parcels SET parcel_name = '<img src=x onerror=alert(1)>', holder_name = '<script>alert(2)</script>',
    reason = '</script><script>alert(3)</script>=cmd()', location = 'javascript:alert(4)', parcel_id = '\"><b>' WHERE fid <= 20;
    UPDATE run SET value = '<script>alert(5)</script></p></section>' || value WHERE key LIKE 'statement_%';
    UPDATE totals SET label = '<u>' || label; UPDATE problems SET message = '<svg onload=alert(6)>' || message;
    UPDATE enterprises SET name = '<iframe src=javascript:alert(7)>' WHERE fid <= 9;
    UPDATE ledger SET note = '</td><script>alert(8)</script>'; UPDATE gpkg_data_columns SET title = '<i>' || title;"
"$program" report "$work/hostile.gpkg" -o "$work/hostile.html" --overwrite

shared=${PANHUO_SHARED:-$here/../../../shared}
large=
if [ -f "$shared/bench/gen_parcels.c" ]; then
    large=$work/large.html
    mkdir -p "$work/data"
    "${CC:-cc}" -O2 -o "$work/data/gen_parcels" "$shared/bench/gen_parcels.c" -lm
    "$work/data/gen_parcels" 20000 1 "$work/data"
    "$program" audit "$work/data/parcels.shp" --enterprises "$work/data/enterprises.csv" --ledger "$work/data/ledger.csv" --as-of 2023-11-30 \
        -o "$work/large.gpkg" --overwrite -q
    "$program" report "$work/large.gpkg" -o "$large" --overwrite
fi
cd "$work"
node report.mjs report.html audit.gpkg hostile.html ${large:+"$large" large.gpkg}
