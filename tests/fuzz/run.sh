#!/usr/bin/env bash
# run.sh [SECONDS]   Fuzzes the reader of boundary-point files with libFuzzer, ASan and UBSan (default 60 s), from the corpus here.
# Finds go to build/fuzz/; what was one becomes a file of the corpus, which every run of the tests replays.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd -- "$top"
flags='-O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer'
CC=clang cmake -S . -B build/fuzz -G Ninja -DPANHUO_TESTS=ON -DPANHUO_FUZZ=ON -DCMAKE_BUILD_TYPE=Debug "-DCMAKE_C_FLAGS_DEBUG=$flags" >/dev/null
cmake --build build/fuzz --target txt_fuzz -- --quiet
mkdir -p build/fuzz/found
exec build/fuzz/tests/txt_fuzz -max_total_time="${1:-60}" -max_len=8192 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 -dict=tests/fuzz/txt.dict \
    -artifact_prefix=build/fuzz/ build/fuzz/found tests/fuzz/corpus
