#include "fer/train/idle_options.h"

namespace fer {

std::vector<std::string> idle_options(const TrainOptions& options) {
  TrainOptions given = options;
  TrainOptions usual;
  return options_without_effect(visiting(given), visiting(usual));
}

}  // namespace fer
