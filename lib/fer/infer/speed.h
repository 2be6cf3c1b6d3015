// Measures how fast models classify on this machine, and their memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "fer/infer/precision.h"
#include "fer/model/named_models.h"

namespace fer::infer {

struct BatchSpeed {
  std::size_t faces = 1;          // at once
  double faces_per_second = 0.0;  // the median of several runs
  double milliseconds = 0.0;      // of one run
};

struct ModelSpeed {
  std::vector<BatchSpeed> batches;  // in the order of the argument
  // The growth of the process's heap: packed weights, and the memory of runs with the largest
  // batch.
  std::int64_t bytes = 0;
};

// Measures classify_with() of all models, with `threads`, each batch for at least `seconds`.
// @throws fer::Error as classify_with() does.
ModelSpeed measure_speed(const std::vector<model::NamedModel>& models,
                         const std::vector<std::size_t>& batches, double seconds, int threads,
                         Precision precision);

}  // namespace fer::infer
