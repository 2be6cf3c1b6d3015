#!/usr/bin/env bash
# Fuzzes every reader of untrusted files and prints a summary.
#
#   scripts/fuzz.sh [--minutes M] [--target NAME]... [--jobs N] [--json FILE]
#   scripts/fuzz.sh --minimise | --report
#
#   --minutes M    how long all of it takes, divided among the targets (10)
#   --target NAME  this one alone; may repeat
#   --jobs N       targets at a time, a core each (1)
#   --json FILE    the table of this run as JSON, too
#   --minimise     no fuzzing: what was found worth keeping becomes the small corpus of the tests,
#                  tests/fuzz/corpus, which every build replays
#   --report       no fuzzing: the sums of all runs on this machine
#   --no-build     with the program as it was built last
#   --help         this text
#
# Builds the preset `fuzz` (Clang with libFuzzer, Debian's clang; LibTorch is used where there is one),
# writes seeds (scripts/fuzz_seeds.py), and gives each target its share of the time with bounds on time and
# memory. What libFuzzer keeps is in .cache/fuzz/corpus, what went wrong in .cache/fuzz/findings, and what
# each run did in .cache/fuzz/runs.jsonl. A finding ends this script with 1.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

build=true
arguments=()
while (($# > 0)); do
  case $1 in
    -h | --help)
      print_help
      exit 0
      ;;
    --no-build) build=false ;;
    *) arguments+=("$1") ;;
  esac
  shift
done

if $build; then
  command -v clang++ >/dev/null || die "fuzzing needs Clang with libFuzzer: apt-get install clang"
  find_torch
  if [[ -n $TORCH_FOUND ]]; then export_torch; fi
  cmake --preset fuzz -DFER_WITH_TORCH="$([[ -n $TORCH_FOUND ]] && echo ON || echo OFF)" >&2
  cmake --build --preset fuzz --parallel "$(build_jobs)" >&2
fi
python=python3
if [[ -x $TEST_VENV/bin/python ]]; then python=$TEST_VENV/bin/python; fi
mkdir -p .cache/fuzz
[[ -d .cache/fuzz/seeds ]] || "$python" scripts/fuzz_seeds.py .cache/fuzz/seeds >&2
exec python3 scripts/fuzz_campaign.py "${arguments[@]}"
