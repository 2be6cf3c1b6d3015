// last.ckpt: all that is needed to go on with a run as if it had never stopped. A safetensors file.
#pragma once

#include <filesystem>
#include <string>

#include "fer/nn/classifier.h"
#include "fer/train/adam.h"
#include "fer/train/training_state.h"

namespace fer {

struct RunIdentity {
  std::string recipe;            // the resolved options as JSON
  std::string data_fingerprint;  // of the training and the validation images
};

void save_checkpoint(const std::filesystem::path& path, const Classifier& net,
                     const Adam& optimizer, const TrainingState& state, const RunIdentity& run);

struct RestoredRun {
  TrainingState state;
  RunIdentity run;
};

// Fills network and optimizer. @throws fer::Error that names the file where it is no checkpoint of
// this network.
RestoredRun load_checkpoint(const std::filesystem::path& path, Classifier& net, Adam& optimizer);

}  // namespace fer
