// The options of fer-predict.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fer/commands/common_options.h"
#include "fer/core/options.h"

namespace fer {

struct PredictOptions {
  std::vector<std::string> sources;
  std::string model;
  std::string tta = "none";
  std::string detector = "auto";
  std::string detector_model;
  std::string format = "text";
  std::string output;
  std::int64_t every = 1;
  bool recursive = false;
  std::int64_t batch_size = 64;
  std::int64_t top = 3;
  CommonOptions common;

  void visit(OptionVisitor& visitor);

  // What no single field can tell. @throws fer::Error naming the flags.
  void validate() const;
};

}  // namespace fer
