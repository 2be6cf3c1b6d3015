#!/usr/bin/env bash
# Makes the packages, then installs them in a bare Debian 12 (scripts/bare_system.sh) and finds the faces
# in a picture there: by the .deb, by the tar archive, and with the training package's programs.
#
#   scripts/check_packages.sh [--no-build] [--no-training]
#
#   --no-build     take the packages that lie in build/packages
#   --no-training  leave out fer-training, whose build needs LibTorch and minutes more
#   --help         this text
#
# Needs root and debootstrap. What it makes stays in build/packages.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly PACKAGES=build/packages
readonly PICTURE=docs/images/predict-annotated.jpg

# --- in the bare system ---------------------------------------------------------------------------

# Prints the faces that fer-predict of the PATH finds in the picture. Runs in the root folder, which has neither
# models nor detectors. Fails if there is no face.
faces() {
  local picture=$PWD/$PICTURE said
  said=$(cd / && fer-predict "$picture")
  printf '$ fer-predict %s\n%s\n' "$picture" "$said"
  [[ $said != *"no face"* && $said == *" %"* ]] || die "no face in $picture"
}

# has FILE...: fails if one is missing.
has() {
  local file
  for file in "$@"; do
    [[ -e $file ]] || die "$file is not there"
  done
}

install_deb() {
  apt-get --yes --quiet --no-install-recommends install "$@" >/root/apt.log 2>&1 || {
    tail -n 20 /root/apt.log >&2
    die "apt-get cannot install $*"
  }
  sed -n 's/^After this operation, /  /p; s/^\(fer-training: .*\)/  \1/p' /root/apt.log
}

try_deb() {
  install_deb "$1"/fer_*.deb
  faces
  fer-model list
  has /usr/share/man/man1/fer-predict.1 /usr/include/fer/fer.h /usr/share/doc/fer/copyright
  # Other programs can load the library.
  ldconfig -p | grep 'libfer.so.0'
}

try_media() {
  local said
  if said=$(fer-predict --detector none --output /root/annotated.bmp "$PICTURE" 2>&1); then
    die "a BMP was written without its plug-in"
  fi
  [[ $said == *"libfer_media.so"*"was not found; searched: "* ]] || die "without the plug-in: $said"
  install_deb "$1"/fer-media_*.deb
  fer-predict --detector none --output /root/annotated.bmp "$PICTURE"
  has /root/annotated.bmp
  echo "no video" >/root/none.mkv
  said=$(fer-predict --detector none /root/none.mkv 2>&1) || true
  [[ $said == *"nor a video that FFmpeg can open"* ]] || die "libfer_video.so: $said"
}

try_training() {
  if ! compgen -G "$1/fer-training_*.deb" >/dev/null; then
    echo "  left out: there is no fer-training"
    return
  fi
  install_deb "$1"/fer-training_*.deb
  has /opt/libtorch/lib/libtorch.so
  fer-train --data synthetic:140 --epochs 1 --arch nano --name bare --output /root/runs
  fer-eval --model /root/runs/bare-1 --data synthetic:70 --split test | head -n 3
  fer-model calibrate --help | head -n 1
  apt-get --yes --quiet remove fer-training >/dev/null 2>&1
  fer-model --version | head -n 1  # package fer's again
}

# Runs after the package is removed; the packages it needed stay.
try_archive() {
  apt-get --yes --quiet purge fer fer-media >/dev/null 2>&1
  [[ ! -e /usr/bin/fer-predict && ! -e /usr/share/fer ]] || die "the package left something behind"
  mkdir -p /srv/anywhere
  tar -C /srv/anywhere -xzf "$1"/fer-*.tar.gz --strip-components=1
  PATH=/srv/anywhere/bin:$PATH faces
}

# --- on this machine ------------------------------------------------------------------------------

make_packages() {
  rm -rf "$PACKAGES"
  build_preset package
  cpack --preset package
  if $training; then
    build_preset package-training programs-of-package
    cpack --preset package-training
  fi
}

list_packages() {
  local package
  for package in "$PACKAGES"/*.deb; do
    printf '%s, %s MB\n' "$(basename "$package")" "$(($(stat -c %s "$package") / 1000000))"
    dpkg-deb --field "$package" Depends | sed 's/^/  needs /'
  done
}

build=true
training=true
while (($# > 0)); do
  case $1 in
    -h | --help)
      print_help
      exit 0
      ;;
    --no-build) build=false ;;
    --no-training) training=false ;;
    --inside)  # internal: this script runs itself in the bare system
      STEP_COUNT=4
      step "Package fer" try_deb "$2"
      step "Package fer-media" try_media "$2"
      step "Package fer-training" try_training "$2"
      step "The archive, unpacked anywhere" try_archive "$2"
      exit 0
      ;;
    *)
      warn "error: unknown option $1; see scripts/check_packages.sh --help"
      exit 2
      ;;
  esac
  shift
done

trap report_failed_step EXIT
STEP_COUNT=2
STEP_ADVICE="the line above says what is wrong"
if $build; then step "Making the packages" make_packages; fi
list_packages
find_torch
libtorch=()
if $training; then libtorch=(--libtorch "$TORCH_FOUND"); fi
step "Installing them in a bare Debian 12" scripts/bare_system.sh bookworm "${libtorch[@]}" \
  --show "$PACKAGES" -- "scripts/check_packages.sh --inside /root/shown"
