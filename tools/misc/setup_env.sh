#!/usr/bin/env bash
# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
# Usage: tools/misc/setup_env.sh STACK VENV PYTHON     (called by `make env`; run from the root)
# Makes or completes the virtual environment VENV with the stack `current` or `classic`.
# What is there already is kept, so that a broken run goes on where it stopped.
set -euo pipefail
[ $# -eq 3 ] || { sed -n '3,5p' "$0" >&2; exit 2; }
STACK=$1 VENV=$2 PYTHON=$3

say() { printf '\n\033[1m== %s\033[0m\n' "$*"; }
fail() { printf '\nset-up failed: %s\n' "$1" >&2; shift; printf '  %s\n' "$@" >&2; exit 1; }

case $STACK in
    current) PYTHONS='3.10 3.11 3.12 3.13' MMCV=onedl-mmcv REQUIREMENTS=requirements.txt
             EXTRAS=(-r requirements/export.txt -r requirements/web.txt) ;;
    classic) PYTHONS='3.10 3.11' MMCV=mmcv REQUIREMENTS=requirements/classic.txt EXTRAS=() ;;
    *) fail "there is no stack '$STACK'." 'Use STACK=current (default) or STACK=classic.' ;;
esac
CONSTRAINTS=requirements/constraints-$STACK.txt

# 1. Python: one that PyTorch and the others have releases for.
version_of() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null; }
found=$(version_of "$VENV/bin/python") || found=
if [ ! -x "$VENV/bin/python" ]; then
    found=$(version_of "$PYTHON") ||
        fail "there is no Python '$PYTHON'." "Install Python 3.11, or name another: make env PYTHON=/path/to/python3.11"
    [[ " $PYTHONS " = *" $found "* ]] ||
        fail "'$PYTHON' is Python $found; the $STACK stack exists for Python ${PYTHONS// /, }." \
            "Name one of them: make env STACK=$STACK PYTHON=/path/to/python3.11"
    say "$VENV with Python $found"
    "$PYTHON" -m venv "$VENV" || {
        rm -rf "$VENV"
        fail "$PYTHON cannot make a virtual environment." "On Debian or Ubuntu: apt install python$found-venv"
    }
fi
PY=$VENV/bin/python
"$PY" -m pip --version >/dev/null 2>&1 ||
    fail "the environment $VENV is broken (was Python or the folder moved?)." "Run: rm -r $VENV; make env"
pip() {
    "$PY" -m pip "$@" --disable-pip-version-check ||
        fail "pip $1 ended with an error, see above." \
            'Without a network, give pip a folder of wheels: PIP_FIND_LINKS=/path/to/wheels make env' \
            'Then run the same command again: it goes on where it stopped.'
}

# 2. All that pip can resolve by itself.
say "packages of $REQUIREMENTS (PyTorch is about 3 GB; later runs take it from pip's cache)"
pip install -c "$CONSTRAINTS" -r requirements/build.txt -r "$REQUIREMENTS" -r requirements/dev.txt "${EXTRAS[@]}"

if ! "$PY" -c 'import cv2' 2>/dev/null; then
    # opencv-python wants libGL, which bare machines lack; its headless twin is the same module without windows.
    say 'OpenCV without windows, since this machine lacks libraries of the other'
    pip install --no-deps --force-reinstall "opencv-python-headless==$(sed -n 's/^opencv-python==//p' "$CONSTRAINTS")"
fi

# 3. mmagic without its declared needs: no SR net needs them, and some exclude NumPy 2.
say 'mmagic, without dependencies'
pip install -c "$CONSTRAINTS" --no-deps mmagic

# 4. mmcv with its compiled ops: there already, as a wheel that pip can find, or from source.
has_ops() { "$PY" -c 'import mmcv.ops' >/dev/null 2>&1; }
wanted=$(sed -n "s/^$MMCV==//p" "$CONSTRAINTS")
has_version() { "$PY" -c "from importlib.metadata import version as v; assert v('$MMCV') == '$wanted'" 2>/dev/null; }

build_mmcv() {
    "$PY" -c 'import os, sysconfig; open(os.path.join(sysconfig.get_paths()["include"], "Python.h"))' 2>/dev/null ||
        fail 'the headers of Python (Python.h) are missing; mmcv is built with them.' "On Debian or Ubuntu: apt install python$found-dev"
    command -v "${CXX:-c++}" >/dev/null ||
        fail "there is no C++ compiler '${CXX:-c++}'; mmcv is built with it." 'On Debian or Ubuntu: apt install g++'
    local log=$VENV/build_mmcv.log
    say "building $MMCV $wanted with ops: about 9 minutes on 2 cores (all output: $log)"
    # -g0: without debug information it takes half the time and a twentieth of the space.
    # Of ninja's long lines only the count and the file are shown.
    CFLAGS="${CFLAGS:--g0 -O2}" MMCV_WITH_OPS=1 PATH="$PWD/$VENV/bin:$PATH" "$PY" -m pip install -v \
        --disable-pip-version-check --no-deps --no-build-isolation --force-reinstall \
        --no-binary "$MMCV" -c "$CONSTRAINTS" "$MMCV" 2>&1 | tee "$log" |
        sed -unE 's/^ *\[([0-9]+)\/([0-9]+)\].* ([^ ]*\/)?([^ /]+)\.o( .*)?$/  mmcv: \1 of \2 files (\4)/p' ||
        { tail -n 40 "$log" >&2; fail 'mmcv could not be built, see above.' "All output: $log" \
            'With too little memory build one file at a time: MAX_JOBS=1 make env'; }
}

if ! has_version || ! has_ops; then
    say "$MMCV $wanted, if pip finds a built wheel"
    # Without one pip tells of conflicting dependencies, which says nothing to a reader.
    "$PY" -m pip install --disable-pip-version-check --no-deps --force-reinstall --only-binary "$MMCV" \
        -c "$CONSTRAINTS" "$MMCV" >"$VENV/find_mmcv.log" 2>&1 &&
        tail -n 1 "$VENV/find_mmcv.log" || echo "It finds none ($VENV/find_mmcv.log)."
    { has_version && has_ops; } || build_mmcv
fi

# 5. The project itself. Its dependencies are there.
say 'sr4ir_mm, editable'
pip install --no-build-isolation --no-deps -e .

# 6. Does it work?
"$PY" -c 'import mmcv.ops' ||
    fail 'mmcv came without its compiled ops, or they do not fit torch (error above).' \
        "Run: $PY -m pip uninstall -y $MMCV; $PY -m pip cache remove '*mmcv*'; make env STACK=$STACK"
"$PY" -W ignore -c 'import mmdet, mmseg, mmpretrain; from sr4ir_mm.compat import import_mmagic; import_mmagic().models.EDSRNet' ||
    fail 'the libraries do not import (error above).' "Run: rm -r $VENV; make env STACK=$STACK"
say "$VENV is ready: . $VENV/bin/activate"
