#!/usr/bin/env bash
# Measures the programs against what people use instead (pandas, Keras, PyTorch, ONNX Runtime,
# OpenVINO), in interleaved rounds.
#
#   scripts/bench.sh [--data FILE] [--rounds N] [--quick] [--only NAME] [--threads N] [--json FILE]
#                    [--record] [--time-to-accuracy] [--limit-minutes M]
#
#   --data FILE    FER2013 as Kaggle's CSV (default: data/fer2013.csv, or the packed
#                  images in FER_SHARED or ../shared)
#   --rounds N     how often each contender runs (default 3 to 7, as the benchmark needs; with
#                  --quick 1)
#   --quick        5,000 images: shows that it works, says little about speed
#   --strict       a peer that is installed and fails is an error, and not only left out
#   --leave-out X  without the peer X, called as in the tables; may repeat
#   --only NAME    only this benchmark: csv (loading), train, infer (a batch), infer-avx2 (the same
#                  without AVX-512), infer-auto (in each one's own precision, and in int8), start (one
#                  picture from process start), folder (of pictures), clip (a video), load (beside a
#                  busy program), serve (64 connections that ask fer-serve), ranks (training by two
#                  processes) or time-to-accuracy; may repeat; docs/benchmarks.md says what each measures
#   --threads N    threads of every contender (default: the cores there are)
#   --json FILE    write every round and the summary
#   --record       put the results into docs/benchmarks.json and the tables of docs/benchmarks.md
#   --time-to-accuracy   the others, and train until 57 % on PublicTest, once; Keras needs 5 to 20
#                  minutes
#   --limit-minutes M    how long Keras may take for it (default 40)
#   --help         this text
#
# First installs what is missing (scripts/bootstrap.sh), builds the preset release, and downloads the peers
# into .deps/bench-venv (some GB; pinned in scripts/bench-requirements.txt). Then takes 8 to 20 minutes on
# two cores. Nothing else should run meanwhile; the load is printed.
set -euo pipefail
invoked_from=$PWD
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly BENCH_VENV=.deps/bench-venv

data=''
passed_on=()
while (($# > 0)); do
  case $1 in
    -h | --help)
      print_help
      exit 0
      ;;
    --data | --json)
      (($# > 1)) || die "$1 needs a file"
      # Relative to the caller's folder, because lib.sh has changed to the root.
      file=$(cd "$invoked_from" && realpath -m "$2")
      if [[ $1 == --data ]]; then data=$file; else passed_on+=(--json "$file"); fi
      shift 2
      ;;
    *)
      passed_on+=("$1")
      shift
      ;;
  esac
done

shared=${FER_SHARED:-../shared}/data/fer2013
readonly unpacked=.cache/fer2013/fer2013.csv
if [[ -z $data && -f data/fer2013.csv ]]; then
  data=data/fer2013.csv
elif [[ -z $data && (-f $unpacked || -f $shared/unpack.py) ]]; then
  data=$unpacked
elif [[ ! -f $data ]]; then
  die "${data:-data/fer2013.csv}: no such file; data/README.md says how to get FER2013"
fi

scripts/bootstrap.sh >&2
make_venv "$BENCH_VENV" scripts/bench-requirements.txt
if [[ $data == "$unpacked" && ! -f $data ]]; then
  "$BENCH_VENV/bin/python" "$shared/unpack.py" "$(dirname "$unpacked")" >&2
fi
build_preset release >&2
exec "$BENCH_VENV/bin/python" scripts/bench/run.py --data "$data" "${passed_on[@]}"
