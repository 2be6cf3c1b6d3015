// last.ckpt: all that is needed to go on with a run as if it had never stopped. A safetensors file.
#pragma once

#include <filesystem>
#include <string>

#include "fer/nn/classifier.h"
#include "fer/train/training_state.h"
#include "fer/train/training_step.h"

namespace fer::train {

struct RunIdentity {
  std::string recipe;            // the resolved options as JSON
  std::string data_fingerprint;  // of the training and validation images, and what else went in
  std::string images = {};       // their format, "48x48 grey"; early files do not have it
};

void save_checkpoint(const std::filesystem::path& path, const nn::Classifier& net,
                     TrainingStep& step, const TrainingState& state, const RunIdentity& run);

struct RestoredRun {
  TrainingState state;
  RunIdentity run;
};

// What a checkpoint says of its run, without its tensors. @throws fer::Error that
// names the file where it is not a checkpoint of this version.
RunIdentity read_identity(const std::filesystem::path& path);

// Fills the network and what the step keeps beside it. @throws fer::Error that names the file where
// it is not a checkpoint of this network.
RestoredRun load_checkpoint(const std::filesystem::path& path, nn::Classifier& net,
                            TrainingStep& step);

}  // namespace fer::train
