#!/bin/sh
# Runs a check in real QGIS without a screen.
# usage: run.sh SCRIPT.py ARGUMENT...      needs Debian's qgis and python3-qgis; exit 77 (skipped) without them
set -eu
here=$(cd "$(dirname "$0")" && pwd)
python=/usr/bin/python3
script=$1
shift

if ! "$python" -c 'import qgis.core' 2>/dev/null; then
    echo "SKIPPED: QGIS check: python3-qgis is not installed (apt-get install qgis python3-qgis)" >&2
    exit 77
fi
# A profile of its own: neither the user's settings nor a locale may decide what is seen.
profile=$(mktemp -d)
trap 'rm -rf "$profile"' EXIT
QT_QPA_PLATFORM=offscreen XDG_RUNTIME_DIR="$profile" QGIS_CUSTOM_CONFIG_PATH="$profile" LC_ALL=C.UTF-8 \
    "$python" "$here/$script" "$@"
