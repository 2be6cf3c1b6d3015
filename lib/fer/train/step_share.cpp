#include "fer/train/step_share.h"

#include <string>

#include "fer/core/option_error.h"
#include "fer/core/text.h"

namespace fer::train {

void check_shares(const TrainOptions& options, int ranks) {
  const std::int64_t parts = options.parts_of_step(/*cpu=*/true);
  if (parts >= ranks) return;
  const std::int64_t ghost = options.ghost_batch_on(/*cpu=*/true);
  throw OptionError("batch_size", std::to_string(options.batch_size),
                    "makes " + counted(parts, "part") + " of " + std::to_string(ghost) +
                        " images a step (" + option("ghost_batch") + "), too few for " +
                        std::to_string(ranks) +
                        " processes, each of which takes whole parts; allowed: at least " +
                        std::to_string(ghost * ranks) + " with these parts, or smaller parts");
}

std::string describe_shares(const TrainOptions& options, int ranks) {
  const std::int64_t parts = options.parts_of_step(/*cpu=*/true);
  const std::int64_t least = parts / ranks;
  const bool even = parts % ranks == 0;
  const std::int64_t accumulated = options.optimizer.accumulate;
  return "each step's " + grouped(options.batch_size * accumulated) + " images are " +
         counted(parts, "part") + " of about " + grouped(options.batch_size * accumulated / parts) +
         ": " + std::to_string(least) + (even ? "" : " or " + std::to_string(least + 1)) +
         " a process";
}

}  // namespace fer::train
