#!/usr/bin/env bash
# The checks that continuous integration has no time for: run them before every release.
#
#   scripts/check_all.sh [--only NAME]... [--skip NAME]...
#
#   --only NAME   this check; may repeat
#   --skip NAME   all but this one; may repeat
#   --list        the checks, a line each
#   --help        this text
#
# Each runs by itself, and those behind a failed one run too. One whose tools are not on this machine is
# skipped, and the end says so. What a check prints goes to .cache/checks/NAME.log.
#
# The layout is that of clang-format 14 (Debian 12's); versions differ in places. CLANG_FORMAT names the
# program where it has another name, clang-format-14 for example.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly LOGS=.cache/checks
readonly SKIPPED=77

# Each check's name and what it shows. The function check_NAME runs it ('-' becomes '_').
readonly CHECKS=(
  "format: clang-format would change nothing"
  "python: black would change nothing, and every script compiles"
  "shell: shellcheck finds nothing in the scripts"
  "container: hadolint finds nothing in the Containerfile"
  "docs: Doxygen documents the installed interface without a warning"
  "clang: Clang compiles everything, and the tests pass"
  "no-vision: builds and passes without OpenCV"
  "no-png: builds without librsvg, and pictures of faces are PNGs all the same"
  "odr: no type has two definitions: the programs, linked as a whole"
  "tsan: ThreadSanitizer finds nothing in the pipeline of fer-predict"
  "asan: every test under the address and undefined-behaviour sanitizers"
  "serve-sanitizers: fer-serve among good, broken and hostile clients, under the address, undefined-behaviour and thread sanitizers"
  "serve-clients: tritonclient and deepface's requests are answered by fer-serve"
  "fuzz: every reader of untrusted files is fuzzed for a minute, and nothing goes wrong"
  "aarch64: what runs networks builds for AArch64, and its tests pass by qemu-user"
  "kills: 200 training runs that are killed at random moments end as if they never were"
  "faults: every call that can fail fails once, in every writer: nothing is lost, and the error says what"
  "starved: few descriptors, little memory, no folders, closed streams, odd names, files that change"
  "beyond-memory: two million faces are packed, checked, trained on and evaluated in 1.5 GB of memory"
  "tidy: clang-tidy over our own files"
  "bench: the whole benchmark runs, beside every peer"
  "pip: pip install ./python in a fresh virtual environment, whose Python then finds the faces of a picture"
  "packages: the .deb and the archive work in a bare Debian 12"
  "bare-bookworm: README's two commands in a bare Debian 12"
  "bare-trixie: the same in a bare Debian 13, with GCC 14 and Catch2 3"
)

# needs PROGRAM...: skips the check if a program is missing.
needs() {
  local program
  for program in "$@"; do
    if command -v "$program" >/dev/null; then continue; fi
    echo "$program is not installed"
    exit "$SKIPPED"
  done
}

check_format() {
  local program=${CLANG_FORMAT:-clang-format}
  needs "$program"
  "$program" --version
  git ls-files -z 'include/*.h' 'lib/*.cpp' 'lib/*.h' 'apps/*.cpp' 'apps/*.h' 'tests/*.cpp' \
    'tests/*.h' 'python/*.cpp' |
    xargs -0 "$program" --dry-run --Werror
}

check_python() {
  needs black python3
  git ls-files -z '*.py' | xargs -0 black --quiet --check --diff
  # The byte code goes to a folder of the logs instead of the working tree.
  git ls-files -z '*.py' | xargs -0 env PYTHONPYCACHEPREFIX="$PWD/$LOGS/pycache" python3 -m py_compile
}

check_shell() {
  needs shellcheck
  git ls-files -z '*.sh' .ci/run | xargs -0 shellcheck
}

check_container() {
  needs hadolint
  hadolint Containerfile
}

check_docs() {
  needs doxygen
  mkdir -p build/docs
  FER_VERSION=$(sed -n 's/^project(fer VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt) FER_DOCS=build/docs \
    doxygen docs/Doxyfile
}

# build_and_test PRESET
build_and_test() {
  build_preset "$1"
  find_torch
  make_test_python
  ctest --preset "$1" --no-tests=error
}

check_clang() {
  needs clang++
  build_and_test clang
}

check_no_vision() { build_and_test no-vision; }

# are_pngs FILE...: fails if there is no file or one is not a PNG.
are_pngs() {
  local file
  for file in "$@"; do
    if [[ $(head -c 4 "$file" | tail -c 3) != PNG ]]; then
      echo "$file is not a PNG"
      return 1
    fi
  done
}

# Figures are drawn by librsvg; faces are written by report/png_bytes.h.
check_no_png() {
  build_and_test no-png
  local bin=build/no-png/bin made
  made=$(mktemp -d)
  "$bin/fer-data" synth --output "$made/faces" --count 14 --sheet "$made/sheet.png"
  "$bin/fer-data" export --data "$made/faces" --output "$made/exported"
  "$bin/fer-predict" "$made/sheet.png" --detector none --save-crops "$made/crops"
  are_pngs "$made"/sheet.png "$made"/faces/*/*.png "$made"/exported/*/*.png "$made"/crops/*/*.png
  rm -r "$made"
}

check_odr() {
  needs gcc-ar
  build_preset odr
}

check_tsan() { build_and_test tsan; }

check_kills() {
  cmake --preset release
  cmake --build --preset release --target fer-train
  python3 tests/python/killed_runs_test.py build/release/bin --runs 200
}

check_faults() {
  build_preset release
  python3 tests/python/fault_injection_test.py build/release/bin build/release/bin/libfer_faults.so
  python3 tests/python/write_order_test.py build/release/bin build/release/bin/libfer_faults.so
}

check_starved() {
  build_preset release
  python3 tests/python/starved_test.py build/release/bin build/release/bin/libfer_faults.so
}

check_beyond_memory() {
  build_preset release
  python3 scripts/bench/beyond_memory.py
}

check_asan() { build_and_test asan; }

# The clients are separate processes; any report of a sanitizer in fer-serve fails the test (serve_support.py).
check_serve_sanitizers() {
  build_and_test serve-asan
  build_and_test serve-tsan
}

check_serve_clients() {
  build_preset predict
  make_venv .deps/serve-venv scripts/requirements-serve.txt
  .deps/serve-venv/bin/python tests/python/serve_clients_test.py build/predict/bin
}

check_fuzz() {
  needs clang++
  scripts/fuzz.sh --minutes 16 --jobs "$(build_jobs)"
}

check_aarch64() {
  needs aarch64-linux-gnu-g++ qemu-aarch64
  cmake --preset aarch64
  cmake --build --preset aarch64
  ctest --preset aarch64 --no-tests=error
}

check_tidy() {
  needs clang-tidy
  build_preset tidy
}

check_bench() { scripts/bench.sh --quick --strict --time-to-accuracy; }

# Runs in a folder outside the project, so that only installed files are found.
check_pip() {
  needs python3
  local folder picture=$PWD/docs/images/predict-annotated.jpg
  folder=$(mktemp -d)
  python3 -m venv "$folder/venv"
  "$folder/venv/bin/pip" install --quiet --disable-pip-version-check ./python
  (cd "$folder" && venv/bin/python - "$picture") <<'PY'
import sys
import ferkit

for face in ferkit.Predictor().predict(sys.argv[1]):
    print(face.box, face.label, face.probability)
assert ferkit.Predictor().detector != "haar" and len(ferkit.Predictor().predict(sys.argv[1])) > 0
PY
  du -sm "$folder"/venv/lib/python3*/site-packages/ferkit
  rm -r "$folder"
}

check_packages() {
  needs debootstrap
  if ((EUID != 0)); then
    echo "only root may make another system"
    exit "$SKIPPED"
  fi
  scripts/check_packages.sh
}

bare() {
  needs debootstrap
  if ((EUID != 0)); then
    echo "only root may make another system"
    exit "$SKIPPED"
  fi
  scripts/bare_system.sh "$1"
}

check_bare_bookworm() { bare bookworm; }

check_bare_trixie() { bare trixie; }

# contains WORD WORDS...
contains() {
  local wanted=$1 word
  shift
  for word in "$@"; do
    if [[ $word == "$wanted" ]]; then return 0; fi
  done
  return 1
}

only=()
skip=()
while (($# > 0)); do
  case $1 in
    -h | --help)
      print_help
      exit 0
      ;;
    --list)
      printf '%s\n' "${CHECKS[@]}"
      exit 0
      ;;
    --run)  # internal: this script runs each check in a new process
      "check_${2//-/_}"
      exit 0
      ;;
    --only | --skip)
      if (($# < 2)) || ! contains "$2" "${CHECKS[@]%%:*}"; then
        warn "error: $1 needs the name of a check: ${CHECKS[*]%%:*}"
        exit 2
      fi
      if [[ $1 == --only ]]; then only+=("$2"); else skip+=("$2"); fi
      shift
      ;;
    *)
      warn "error: unknown option $1; see scripts/check_all.sh --help"
      exit 2
      ;;
  esac
  shift
done

is_chosen() {
  if contains "$1" "${skip[@]}"; then return 1; fi
  ((${#only[@]} == 0)) || contains "$1" "${only[@]}"
}

mkdir -p "$LOGS"
failed=0
summary=()
for entry in "${CHECKS[@]}"; do
  name=${entry%%:*}
  is_chosen "$name" || continue
  log=$LOGS/$name.log
  printf '%s%s%s: %s\n' "$BOLD" "$name" "$PLAIN" "${entry#*: }"
  start=$EPOCHREALTIME
  status=0
  "$SCRIPT" --run "$name" >"$log" 2>&1 </dev/null || status=$?
  took="$(seconds_since "$start") s"
  case $status in
    0) summary+=("passed   $name, $took") ;;
    "$SKIPPED") summary+=("skipped  $name: $(tail -n 1 "$log")") ;;
    *)
      failed=1
      tail -n 20 "$log" >&2
      summary+=("FAILED   $name (exit $status), $took; all of it is in $log")
      ;;
  esac
done
printf '\n'
printf '%s\n' "${summary[@]}"
exit $failed
