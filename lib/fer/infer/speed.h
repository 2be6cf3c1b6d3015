// How fast models classify on this machine, and what memory they take while they do.
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
  std::vector<BatchSpeed> batches;  // as asked for
  // What the process's heap grew by: packed weights, and the memory of runs with the largest batch.
  std::int64_t bytes = 0;
};

// Measures the mean of all models, each batch for at least `seconds`, by classify_with with
// `threads`. @throws fer::Error as that does.
ModelSpeed measure_speed(const std::vector<model::NamedModel>& models,
                         const std::vector<std::size_t>& batches, double seconds, int threads,
                         Precision precision);

}  // namespace fer::infer
