#!/usr/bin/env bash
# run.sh [--core]   Installs what is missing, builds three times, runs every check and adds them all up.
#
#   build/asan     gcc, ASan + UBSan, -Werror   unit, fixture and fault tests
#   build/clang    clang, -Werror               must compile
#   build/release  gcc, Release                 structure, command line, oracle and real-program tests
#
# --core leaves out what needs QGIS, a browser, an office or a database (its checks are then counted as skipped). One test: ctest --test-dir build/asan -R NAME -V
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd -- "$top"
jobs=$(nproc)
core=()
real=(qgis browser office postgis)
sections=(build test real)
case "${1:-}" in
    "") ;;
    --core) core=(--leave-out "${real[@]}"); sections=(build test) ;;
    *) echo "用法 usage: tests/run.sh [--core]" >&2; exit 2 ;;
esac
"$top/tests/install.sh" "${sections[@]}"
mkdir -p -- build

builds=()
# build NAME CC CMAKE-ARGUMENTS...: one check; the log is shown only when it fails.
build() {
    local name=$1 cc=$2 log=build/$1.log
    shift 2
    printf 'build %s … ' "$name"
    if { CC=$cc cmake -S . -B "build/$name" -G Ninja -DPANHUO_TESTS=ON "$@" &&
        cmake --build "build/$name" --parallel "$jobs" -- --quiet; } >"$log" 2>&1; then
        echo ok
        builds+=(--build "$name=ok")
    else
        echo FAILED
        tail -n 60 -- "$log"
        builds+=(--build "$name=failed")
        return 1
    fi
}

# check NAME LABELS: runs the tests with one of these labels (a regular expression). tally.py reads the results.
check() {
    local leave_out=()
    [ ${#core[@]} -eq 0 ] || leave_out=(-LE "^($(IFS='|'; echo "${real[*]}"))\$")
    ctest --test-dir "build/$1" -L "^($2)\$" "${leave_out[@]}" --parallel "$jobs" --output-on-failure \
        --output-junit results.xml --test-output-size-passed 4000000 --test-output-size-failed 4000000 \
        --no-tests=ignore || true
}

rm -f build/*/results.xml
# -O1 keeps the sanitized program bearable; Debug keeps the assertions.
if build asan gcc -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_FLAGS_DEBUG='-O1 -g' -DPANHUO_SANITIZE=ON -DPANHUO_WERROR=ON; then check asan 'unit|fixture|fault'; fi
build clang clang -DCMAKE_BUILD_TYPE=Debug -DPANHUO_WERROR=ON || true
if build release gcc -DCMAKE_BUILD_TYPE=Release; then check release 'structure|cli|oracle|qgis|browser|office|postgis'; fi
/usr/bin/python3 tests/tally.py "${builds[@]}" build/asan build/release "${core[@]}"
