#!/usr/bin/env bash
# Runs README's two commands in a system that has nothing yet: a bare Debian, made by debootstrap in a
# folder, with a fresh clone of the last commit inside. Needs root, and debootstrap.
#
#   scripts/bare_system.sh SUITE [--mirror URL] [--libtorch FOLDER] [--show FOLDER] [--keep] [--only-prepare]
#                          [-- COMMAND...]
#
#   SUITE              trixie, bookworm, or another one that debootstrap knows
#   --mirror URL       where packages come from (default: where this machine's apt gets Debian's; else
#                      debootstrap's own default)
#   --libtorch FOLDER  a LibTorch of this machine, handed over by CMAKE_PREFIX_PATH, in place of pip's
#                      torch (default: the one in CMAKE_PREFIX_PATH, if any)
#   --show FOLDER      a folder of this machine, seen inside read-only as /root/shown
#   --keep             go on in the system of the last run, with the last commit: what is installed and
#                      built there stays
#   --only-prepare     stop before the commands
#   -- COMMAND...      run this in the clone instead of scripts/quickstart.sh and scripts/test.sh
#   --help             this text
#
# All of it lies in .cache/bare/SUITE, which git ignores: `base` is made once, `system` anew in each run
# (but for --keep);
# packages and pip's downloads are kept. pip's settings of this machine hold inside, too. FER_SHARED, if
# set, is seen inside read-only. The commands run at low priority; each one's time is printed at the end.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

suite=''
mirror=''
libtorch=''
show=''
keep=false
only_prepare=false
commands=(scripts/quickstart.sh scripts/test.sh)
while (($# > 0)); do
  case $1 in
    -h | --help)
      print_help
      exit 0
      ;;
    --mirror | --libtorch | --show)
      (($# > 1)) || die "$1 needs a value; see scripts/bare_system.sh --help"
      case $1 in
        --mirror) mirror=$2 ;;
        --libtorch) libtorch=$2 ;;
        --show) show=$(realpath "$2") ;;
      esac
      shift
      ;;
    --keep) keep=true ;;
    --only-prepare) only_prepare=true ;;
    --)
      shift
      (($# > 0)) || die "there is no command behind --; see scripts/bare_system.sh --help"
      commands=("$*")
      break
      ;;
    -*)
      warn "error: unknown option $1; see scripts/bare_system.sh --help"
      exit 2
      ;;
    *)
      [[ -z $suite ]] || die "one suite at a time: $suite or $1"
      suite=$1
      ;;
  esac
  shift
done
[[ $suite =~ ^[a-z]+$ ]] || die "name a suite, trixie for example; see scripts/bare_system.sh --help"
((EUID == 0)) || die "only root may make and enter another system; try sudo scripts/bare_system.sh"
command -v debootstrap >/dev/null || die "debootstrap is missing: apt-get install debootstrap"
[[ -f /usr/share/debootstrap/scripts/$suite ]] || die "debootstrap knows no suite '$suite'; a newer" \
  "one may"

bare=$PWD/.cache/bare/$suite
readonly bare system=$bare/system
mkdir -p "$bare/packages/partial" "$bare/pip"

# Where this machine's apt gets Debian's main packages; nothing on other systems.
mirror_of_this_machine() {
  # shellcheck disable=SC2016  # apt-get's own placeholders
  apt-get indextargets --format '$(ORIGIN) $(LABEL) $(COMPONENT) $(REPO_URI)' 2>/dev/null |
    awk '$1 == "Debian" && $2 == "Debian" && $3 == "main" {print $4; exit}'
}

make_base() {
  if [[ -f $bare/base.complete ]]; then return; fi
  rm -rf "$bare/base"
  [[ -n $mirror ]] || mirror=$(mirror_of_this_machine)
  # debootstrap's own packages are kept, too.
  debootstrap --variant=minbase --cache-dir="$bare/packages" "$suite" "$bare/base" \
    ${mirror:+"$mirror"} >"$bare/debootstrap.log" || {
    tail -n 5 "$bare/debootstrap.log" >&2
    die "debootstrap failed; all it said is in $bare/debootstrap.log"
  }
  touch "$bare/base.complete"
}

# Prints this machine's pip settings as one file for the pip inside.
pip_settings() {
  python3 -m pip config list 2>/dev/null |
    sed -n "s/^\(global\|:env:\)\.\(index-url\|extra-index-url\|find-links\|cert\|trusted-host\|constraint\|default-timeout\)='\(.*\)'$/\2 = \3/p" |
    sed 's/\\n/ /g' | sort -u -t= -k1,1 | { echo '[global]'; cat; }
}

# Local folders and files in pip's settings, which must also exist inside. An index (PEP 503) in a folder
# `simple` refers to files beside that folder.
pip_paths() {
  grep -o '\(file://\)\?/[^ ]*' "$system/etc/pip.conf" | sed 's#^file://##; s#/simple/*$##' | grep -v '^//' |
    while read -r path; do if [[ -e $path && ! -e $system$path ]]; then echo "$path"; fi; done
}

# Copies it under another name, because the package ca-certificates must be able to write to the original's
# place.
copy_certificate() {
  local certificate
  certificate=$(sed -n 's/^cert = //p' "$system/etc/pip.conf")
  if [[ -z $certificate ]]; then return; fi
  cp -L "$certificate" "$system/etc/pip-certificate.pem"
  sed -i 's#^cert = .*#cert = /etc/pip-certificate.pem#' "$system/etc/pip.conf"
}

# show_inside PATH [PATH INSIDE]: makes PATH of this machine visible inside, read-only.
show_inside() {
  local target=$system${2:-$1}
  if [[ -d $1 ]]; then mkdir -p "$target"; else mkdir -p "$(dirname "$target")" && touch "$target"; fi
  mount --bind "$1" "$target"
  mount -o remount,bind,ro "$target"
}

make_system() {
  if $keep && [[ -d $system/root/fer/.git ]]; then
    git -C "$system/root/fer" fetch --quiet "$PWD" HEAD
    git -C "$system/root/fer" reset --quiet --hard FETCH_HEAD
    return
  fi
  rm -rf --one-file-system "$system"
  cp -a --reflink=auto "$bare/base" "$system"
  cp -L /etc/resolv.conf "$system/etc/resolv.conf"
  # Keeps packages from starting services.
  printf '#!/bin/sh\nexit 101\n' >"$system/usr/sbin/policy-rc.d"
  chmod +x "$system/usr/sbin/policy-rc.d"
  echo 'APT::Keep-Downloaded-Packages "true";' >"$system/etc/apt/apt.conf.d/90keep"
  pip_settings >"$system/etc/pip.conf"
  copy_certificate
  git clone --quiet --no-hardlinks . "$system/root/fer"
}

mount_all() {
  mount -t proc proc "$system/proc"
  mount --rbind /dev "$system/dev"
  mount --bind "$bare/packages" "$system/var/cache/apt/archives"
  mkdir -p "$system/root/.cache/pip"
  mount --bind "$bare/pip" "$system/root/.cache/pip"
  local path
  while read -r path; do show_inside "$path"; done < <(pip_paths)
  if [[ -n $libtorch ]]; then show_inside "$libtorch" /opt/libtorch; fi
  if [[ -n $show ]]; then show_inside "$show" /root/shown; fi
  if [[ -n ${FER_SHARED:-} ]]; then show_inside "$(realpath "$FER_SHARED")" /root/shared; fi
}

# Runs a command inside, with as little of this machine's environment as possible.
inside() {
  local -a environment=(HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    TERM="${TERM:-dumb}" LANG=C.UTF-8)
  if [[ -n $libtorch ]]; then environment+=(CMAKE_PREFIX_PATH=/opt/libtorch); fi
  if [[ -n ${FER_SHARED:-} ]]; then environment+=(FER_SHARED=/root/shared); fi
  local name
  for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
    if [[ -n ${!name:-} ]]; then environment+=("$name=${!name}"); fi
  done
  chroot "$system" env -i "${environment[@]}" nice -n 10 bash -c "cd /root/fer && $1" </dev/null
}

run_commands() {
  local command start
  local -a times=()
  for command in "${commands[@]}"; do
    printf '\n%s%s: %s%s\n' "$BOLD" "$suite" "$command" "$PLAIN"
    start=$EPOCHREALTIME
    inside "$command" || die "$suite: $command failed (exit $?) after $(seconds_since "$start") s"
    times+=("$(seconds_since "$start") s  $command")
  done
  printf '\n%s, commit %s: all passed\n' "$suite" "$(git rev-parse --short HEAD)"
  printf '  %s\n' "${times[@]}"
}

# Runs this script again in a new mount namespace, so that nothing stays mounted whatever happens.
if [[ ${FER_BARE_INSIDE:-} != "$suite" ]]; then
  if [[ -z $libtorch ]]; then libtorch=$(torch_of_user); fi
  if [[ -n $libtorch ]]; then libtorch=$(realpath "$libtorch"); fi
  make_base
  again=("$SCRIPT" "$suite" ${libtorch:+--libtorch "$libtorch"} ${show:+--show "$show"})
  if $keep; then again+=(--keep); fi
  if $only_prepare; then again+=(--only-prepare); fi
  if ((${#commands[@]} == 1)); then again+=(-- "${commands[0]}"); fi
  FER_BARE_INSIDE=$suite exec unshare --mount --propagation private "${again[@]}"
fi
make_system
mount_all
inside "apt-get --quiet --quiet update"
if $only_prepare; then
  echo "ready: $system"
  exit 0
fi
run_commands
