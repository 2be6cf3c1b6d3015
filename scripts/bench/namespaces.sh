#!/usr/bin/env bash
# Runs fer-train by several ranks as on several machines: each in a network namespace of its own, behind a
# link of a given rate and delay.
#
#   scripts/bench/namespaces.sh [--ranks N] [--rate 1gbit] [--delay 10ms] [--programs FOLDER] -- WORDS...
#
#   --ranks N        how many (default 4)
#   --rate RATE      of each machine's link, as tc has it (default 1gbit); none leaves links as they are
#   --delay TIME     from one machine to another, one way (default 0ms, which leaves it out); the kernel
#                    needs netem for it
#   --programs DIR   where fer-train is (default build/release/bin)
#   --help           this text
#
# The words go to fer-train. Needs root, ip and tc (package iproute2). The machines are gone when it ends.
# All share this machine's cores.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

ranks=4
rate=1gbit
delay=0ms
programs=build/release/bin
while (($# > 0)); do
  case $1 in
    --ranks) ranks=$2 ;;
    --rate) rate=$2 ;;
    --delay) delay=$2 ;;
    --programs) programs=$2 ;;
    --)
      shift
      break
      ;;
    -h | --help)
      print_help
      exit 0
      ;;
    *) die "unknown option $1; see scripts/bench/namespaces.sh --help" ;;
  esac
  shift 2
done
((EUID == 0)) || die "network namespaces need root"

readonly NAME=ferscale$$ SUBNET=10.77.0

remove_machines() {
  local rank
  for ((rank = 0; rank < ranks; rank++)); do ip netns del "$NAME-$rank" 2>/dev/null || true; done
  ip link del "$NAME" 2>/dev/null || true
}
trap remove_machines EXIT

# in_machine RANK COMMAND...
in_machine() {
  local rank=$1
  shift
  ip netns exec "$NAME-$rank" "$@"
}

# A machine is a namespace with one link into a bridge; what leaves it is shaped there.
add_machine() {
  local rank=$1 inside="fs$$i$1" outside="fs$$o$1"
  ip netns add "$NAME-$rank"
  ip link add "$inside" type veth peer name "$outside"
  ip link set "$inside" netns "$NAME-$rank"
  ip link set "$outside" master "$NAME" up
  in_machine "$rank" ip link set lo up
  in_machine "$rank" ip address add "$SUBNET.$((rank + 1))/24" dev "$inside"
  in_machine "$rank" ip link set "$inside" up
  local -a parent=(root)
  if [[ $delay != 0ms ]]; then
    in_machine "$rank" tc qdisc add dev "$inside" root handle 1: netem delay "$delay" limit 100000
    parent=(parent 1:)
  fi
  if [[ $rate != none ]]; then
    in_machine "$rank" tc qdisc add dev "$inside" "${parent[@]}" tbf rate "$rate" burst 256kb latency 200ms
  fi
}

ip link add "$NAME" type bridge 2>/dev/null || die "no bridge can be made here"
ip link set "$NAME" up
for ((rank = 0; rank < ranks; rank++)); do add_machine "$rank"; done

processes=()
for ((rank = 0; rank < ranks; rank++)); do
  in_machine "$rank" env RANK="$rank" WORLD_SIZE="$ranks" MASTER_ADDR="$SUBNET.1" OMP_WAIT_POLICY=passive \
    "$programs/fer-train" --threads 1 "$@" &
  processes+=($!)
done
status=0
for process in "${processes[@]}"; do wait "$process" || status=$?; done
exit "$status"
