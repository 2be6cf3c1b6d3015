#include "fer/train/unused_options.h"

namespace fer::train {

std::vector<std::string> unused_options(const TrainOptions& options) {
  TrainOptions given = options;
  TrainOptions usual;
  return options_without_effect(visiting(given), visiting(usual));
}

}  // namespace fer::train
