#!/usr/bin/env bash
# run.sh [OUTDIR]   From a bare Debian 12 to the audited sample park: installs, builds, audits, tells where to look.
# OUTDIR is build/sample of the checkout when not given.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
out=${1:-$top/build/sample}
mkdir -p -- "$out"
out=$(cd -- "$out" && pwd)
build=$top/build/release

say() { printf '%s\n' "$*"; }

"$top/tests/install.sh" build show

say "编译 building …"
log=$top/build/sample-build.log
mkdir -p -- "$top/build"
if ! { cmake -S "$top" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DPANHUO_TESTS=OFF && cmake --build "$build"; } >"$log" 2>&1; then
    tail -n 40 -- "$log" >&2
    say "编译失败，全文见 / the build failed, all of it in: $log" >&2
    exit 1
fi

gpkg=$out/audit.gpkg
say
"$build/bin/panhuo" audit "$top/sample-data/AUDIT.yaml" -o "$gpkg" --overwrite

"$build/bin/panhuo" report "$gpkg" -o "$out/audit.html" --overwrite

query="select code, parcels, enterprises, area_mu, factory_m2 from totals where topic='measure'"
cat <<END

成果 result:     $gpkg
浏览器打开 open:  $out/audit.html
QGIS 打开 open:  qgis "${gpkg%.gpkg}.qgz"
查合计 totals:   sqlite3 -header -column "$gpkg" "$query"
END
sqlite3 -readonly -header -column "$gpkg" "$query" | sed 's/^/    /'
