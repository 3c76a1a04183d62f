#!/usr/bin/env bash
# install.sh SECTION...   Installs what is missing of these sections of packages.txt (Debian 12).
# Does nothing, and needs no network, when all is there. PANHUO_NO_INSTALL=1 leaves it to you.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

say() { printf '%s\n' "$*" >&2; }

# Prints the packages of one section; fails when there is no such section.
section() {
    awk -v want="[$1]" '
        { sub(/#.*/, ""); gsub(/[ \t\r]+/, "") }
        /^\[/ { inside = ($0 == want); found = found || inside; next }
        inside && $0 != "" { print }
        END { exit !found }' "$here/packages.txt"
}

[ $# -gt 0 ] || { say "用法 usage: install.sh SECTION..."; exit 2; }
wanted=()
for name in "$@"; do
    if ! list=$(section "$name"); then
        say "packages.txt 中没有 [$name] 一节 / no section [$name] in packages.txt"
        exit 2
    fi
    while IFS= read -r package; do wanted+=("$package"); done <<<"$list"
done

if [ "${PANHUO_NO_INSTALL:-}" = 1 ]; then
    say "PANHUO_NO_INSTALL=1: 不安装，需要 / not installing; needed: ${wanted[*]}"
    exit 0
fi
if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    say "本脚本只在 Debian 12 (apt) 上装软件包。请自行装好下列各项，再以 PANHUO_NO_INSTALL=1 运行："
    say "This is not a Debian system with apt. Install the counterparts of these, then run again with PANHUO_NO_INSTALL=1:"
    say "  ${wanted[*]}"
    exit 1
fi

# What is installed, and what that provides under other names.
there=$(dpkg-query -W -f '${db:Status-Status} ${Package}, ${Provides}\n' | sed -n 's/^installed //p' | tr ',' '\n' | sed 's/^ *//; s/ .*//')
missing=()
for package in "${wanted[@]}"; do
    grep -qxF "$package" <<<"$there" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        say "缺少软件包，且不是 root、没有 sudo。请让管理员执行："
        say "Packages are missing, and this is neither root nor has sudo. Have an administrator run:"
        say "  apt-get install --no-install-recommends ${missing[*]}"
        exit 1
    fi
    as_root=(sudo)
fi
say "安装 installing: ${missing[*]}"
# env stands behind sudo, which would drop a variable set before it.
apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq)
"${apt[@]}" update >&2
"${apt[@]}" install -y --no-install-recommends "${missing[@]}" >&2
