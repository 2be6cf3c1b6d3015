#!/usr/bin/env bash
# Runs the programs for long and says whether memory, descriptors and threads stay as they are.
#
#   scripts/soak.sh [--minutes M] [--only video|stream|service]...
#
#   --minutes M   all parts together (360: two hours each)
#   --only PART   video: one that does not end, with annotated frames written; stream: a camera's that dies and
#                 comes back each minute; service: fer-serve under mixed load. May repeat
#   --help        this text
#
# Prints a plot of each, the slope, and the bound it is held to (tests/python/soak.py says how); exit code 1
# where something grows. Takes the programs of build/release.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if [[ ${1:-} == -h || ${1:-} == --help ]]; then
  print_help
  exit 0
fi
readonly BIN=build/release/bin
[[ -x $BIN/fer-serve ]] || die "no $BIN/fer-serve; build it first: scripts/quickstart.sh"
exec python3 tests/python/soak.py "$BIN" "$@"
