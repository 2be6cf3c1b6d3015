#!/usr/bin/env bash
# Builds the project and runs its tests.
#
#   scripts/test.sh [--asan|--asan-base] [arguments of ctest...]
#
# Installs what is missing (scripts/bootstrap.sh), builds the preset `release` into the same folder
# as scripts/quickstart.sh, and runs ctest, to which all other arguments go:
#
#   scripts/test.sh -L unit           one label: unit, integration, ranks, packaging, python
#   scripts/test.sh -R metrics        processes whose names match: a room each (lib/fer/ROOM)
#   scripts/test.sh --rerun-failed    those that failed last time
#
# One test case alone: build/release/bin/base_tests "its name"; the programs end in _tests.
#
#   --asan        with the address and undefined-behaviour sanitizers, in build/asan
#   --asan-base   the same for what needs no LibTorch and no OpenCV: minutes less to build
#   --help        this text
#
# FER_SHARED, if set, is a folder with FER2013 and photos; without it, the tests that need those are
# skipped.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

preset=release
build=''
again="scripts/test.sh --rerun-failed"
ctest_arguments=()
for argument in "$@"; do
  case $argument in
    --asan)
      preset=asan
      again="scripts/test.sh --asan --rerun-failed"
      ;;
    --asan-base)
      preset=asan
      build=asan-base
      again="scripts/test.sh --asan-base --rerun-failed"
      ctest_arguments+=(-R '^(base|pipeline|runtime)_tests')
      ;;
    -h | --help)
      print_help
      exit 0
      ;;
    *) ctest_arguments+=("$argument") ;;
  esac
done

prepare() {
  scripts/bootstrap.sh
  find_torch
  make_test_python
}

# Prints why tests were skipped, from the log of ctest: each reason once.
print_skipped() {
  local reasons
  reasons=$(grep -o 'skipped: .*' "build/$preset/Testing/Temporary/LastTest.log" 2>/dev/null |
    sort | uniq -c) || return 0
  printf '\nSkipped for want of something, how often and what for:\n%s\n' "${reasons//skipped: /}"
}

run_tests() {
  local status=0
  rm -f "build/$preset/Testing/Temporary/LastTest.log"  # of an earlier run
  ctest --preset "$preset" --output-on-failure --no-tests=error "${ctest_arguments[@]}" || status=$?
  print_skipped
  return "$status"
}

trap report_failed_step EXIT
STEP_COUNT=3
step "Installing what is missing" prepare
STEP_ADVICE="the first error above is the one to look at"
step "Building (preset $preset)" build_preset "$preset" "$build"
STEP_ADVICE="to run only those that failed: $again"
step "Testing" run_tests
