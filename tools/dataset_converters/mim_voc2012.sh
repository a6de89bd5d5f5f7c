#!/usr/bin/env bash
# Usage: mim_voc2012.sh DOWNLOADED OUT        (`mim download sr4ir_mm --dataset voc2012` calls it)
# Unpacks and checks VOC2012 in OUT/VOCdevkit and writes its boxes to OUT/voc2012_coco.
set -euo pipefail
[ $# -eq 2 ] || { sed -n '2,3p' "$0" >&2; exit 2; }
TOOLS=$(cd "$(dirname "$0")" && pwd)
NAME=VOCtrainval_11-May-2012.tar

archive=$(find "$1" -name "$NAME" -print -quit)
[ -n "$archive" ] || { echo "error: there is no $NAME in $1." >&2; exit 1; }
python "$TOOLS/prepare_voc.py" "$archive" --out "$2"
python "$TOOLS/voc_to_coco.py" "$2/VOCdevkit" "$2/voc2012_coco"
