// Finds labels that are probably wrong, by networks that were trained without the image: confident
// learning (Northcutt et al. 2021) over folds.
#pragma once

#include <ATen/core/Tensor.h>

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

#include "fer/core/log.h"
#include "fer/data/face_set.h"
#include "fer/metrics/confident_learning.h"

namespace fer::check {

inline constexpr std::int64_t kDoubtFolds = 3;

struct LabelDoubts {
  std::optional<metrics::ConfidentLearning>
      found;                 // nothing if there was no search; the note has the reason
  double accuracy = 0.0;     // of these networks
  at::Tensor probabilities;  // of these networks, float32 [N,C]; undefined without a search
  std::string note;          // how the labels were searched, or why not
};

// Trains small networks, each on two thirds of the images: a minute or two for FER2013 on two
// cores. Does not search sets of fewer than 300 different images. Returns nothing if `stop` ended
// it.
std::optional<LabelDoubts> doubt_labels(const data::FaceSet& set, std::int64_t seed, Log& log,
                                        const std::atomic<bool>& stop);

}  // namespace fer::check
