#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <torch/version.h>

#include "fer/commands/engine.h"

namespace fer::commands {

Engine torch_engine() {
  Engine engine = prediction_engine();
  engine.description = std::string("LibTorch ") + TORCH_VERSION + ", " + engine.description;
  engine.set_up = [set_up = engine.set_up](const CommonOptions& options) {
    set_up(options);
    at::set_num_threads(options.thread_count());
  };
  return engine;
}

}  // namespace fer::commands
