// last.ckpt, a safetensors file with everything needed to continue a run as if it had never
// stopped.
#pragma once

#include <filesystem>
#include <string>

#include "fer/nn/classifier.h"
#include "fer/train/training_state.h"
#include "fer/train/training_step.h"

namespace fer::train {

struct RunIdentity {
  std::string recipe;            // the resolved options as JSON
  std::string data_fingerprint;  // of the training and validation images and other inputs
  std::string images = {};       // their format, "48x48 grey"; older files lack it
};

void save_checkpoint(const std::filesystem::path& path, const nn::Classifier& net,
                     TrainingStep& step, const TrainingState& state, const RunIdentity& run);

struct RestoredRun {
  TrainingState state;
  RunIdentity run;
};

// Reads the run of a checkpoint, without its tensors. @throws fer::Error that names a file that is
// no checkpoint of this version.
RunIdentity read_identity(const std::filesystem::path& path);

// Restores the network and the state of the step. @throws fer::Error that names a file that is no
// checkpoint of this network.
RestoredRun load_checkpoint(const std::filesystem::path& path, nn::Classifier& net,
                            TrainingStep& step);

}  // namespace fer::train
