#!/usr/bin/env bash
# Usage: mim_cub.sh DOWNLOADED OUT            (`mim download sr4ir_mm --dataset cub` calls it)
# Unpacks and checks CUB-200-2011 in OUT/CUB_200_2011.
set -euo pipefail
[ $# -eq 2 ] || { sed -n '2,3p' "$0" >&2; exit 2; }
TOOLS=$(cd "$(dirname "$0")" && pwd)

if [ ! -e "$2/CUB_200_2011" ]; then
    # One archive in parts, which is named otherwise than the authors' own.
    mapfile -d '' parts < <(find "$1" -path '*/raw/*.tar.gz' -print0 | sort -z)
    [ "${#parts[@]}" -gt 0 ] || { echo "error: there is no raw/*.tar.gz in $1." >&2; exit 1; }
    unpacked=$(mktemp -d -p "$2")
    trap 'rm -rf "$unpacked"' EXIT
    cat "${parts[@]}" | tar -xz -C "$unpacked"
    list=$(find "$unpacked" -name train_test_split.txt -print -quit)
    [ -n "$list" ] || { echo "error: ${parts[0]} is not CUB-200-2011: no train_test_split.txt." >&2; exit 1; }
    mv "$(dirname "$list")" "$2/CUB_200_2011"
fi
python "$TOOLS/prepare_cub.py" "$2/CUB_200_2011" --out "$2"
