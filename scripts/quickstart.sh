#!/usr/bin/env bash
# From a fresh clone to a trained model that has told an expression on a face: installs what is
# missing, builds, trains on drawn faces (no download), evaluates, predicts. Then says how to go on
# with FER2013.
#
#   scripts/quickstart.sh [--predict-only] [--help]
#
#   --predict-only  builds fer-predict, fer-serve, fer-model and the library alone, without LibTorch, and finds
#                   the faces in a picture
#
# Safe to run again: what is installed and built stays, and each run gets its own folder in runs/.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly BIN=build/release/bin

predict_only=false
case ${1:-} in
  '') ;;
  --predict-only) predict_only=true ;;
  -h | --help)
    print_help
    exit 0
    ;;
  *)
    warn "error: unknown option $1; see scripts/quickstart.sh --help"
    exit 2
    ;;
esac

# Prints a command, then runs it.
show() {
  printf '$ %s\n' "$*"
  "$@"
}

train() {
  local log last_line
  log=$(mktemp)
  show "$BIN/fer-train" --config configs/quickstart.json --name quickstart | tee "$log"
  last_line=$(tail -n 1 "$log")
  rm -f "$log"
  # The last line is "<path of the best model> <score>".
  model=${last_line%% *}
  [[ -f $model ]] || die "fer-train's last line should start with a model's path: $last_line"
  run_folder=$(dirname "$model")
}

evaluate() {
  show "$BIN/fer-eval" --model "$model" --data synthetic --split test \
    --figure "$run_folder/confusion.png"
}

predict() {
  local faces=$run_folder/faces
  show "$BIN/fer-data" synth --output "$faces" --count 7
  local -a pictures
  mapfile -t pictures < <(find "$faces" -name '*.png' | sort)
  ((${#pictures[@]} > 0)) || die "fer-data synth wrote no PNG into $faces"
  show "$BIN/fer-predict" --model "$model" --detector none "${pictures[0]}"
  # The default model.
  printf '\nThe same drawing by the released model, which knows real faces and no drawings:\n'
  show "$BIN/fer-predict" --detector none "${pictures[0]}"
}

trap report_failed_step EXIT

if $predict_only; then
  STEP_COUNT=3
  STEP_ADVICE="what would be installed: scripts/bootstrap.sh --predict-only --dry-run; then run this script again"
  step "Installing what is missing" scripts/bootstrap.sh --predict-only
  STEP_ADVICE="after a change of compiler, remove build/predict and run this script again"
  step "Building" build_preset predict
  STEP_ADVICE="the line above says what is wrong; fer-predict has --help"
  step "Predicting" show build/predict/bin/fer-predict docs/images/synthetic-faces.png \
    --output build/predict/annotated.png
  cat <<END

${BOLD}Done.${PLAIN} The annotated picture is build/predict/annotated.png. Now one of yours:

  build/predict/bin/fer-predict photo.jpg --output annotated.jpg
END
  exit 0
fi

STEP_COUNT=5
STEP_ADVICE="what would be installed: scripts/bootstrap.sh --dry-run; then run this script again"
step "Installing what is missing" scripts/bootstrap.sh
STEP_ADVICE="after a change of compiler or LibTorch, remove build/release and run this script again"
step "Building the programs" build_preset release programs
STEP_ADVICE="the line above says what is wrong; every program has --help"
step "Training on drawn faces" train
step "Evaluating on faces it has not seen" evaluate
step "Predicting" predict

cat <<END

${BOLD}Done.${PLAIN} The model, its curves and its confusion matrix are in $run_folder.

Now real faces. data/README.md says how to get FER2013; with data/fer2013.csv in place:

  $BIN/fer-train --config configs/seed.json --name seed
  $BIN/fer-eval --model runs/seed-1 --split val --report report
  $BIN/fer-predict --model runs/seed-1 photo.jpg

A photo needs no training: the released model comes with the programs.

  $BIN/fer-predict photo.jpg --output annotated.jpg
END
