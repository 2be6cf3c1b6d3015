// Labels that networks doubt which were trained without the image: confident learning (Northcutt et
// al. 2021) over folds.
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
      found;                 // nothing where they were not; the note says why
  double accuracy = 0.0;     // of the networks that doubt
  at::Tensor probabilities;  // theirs, float32 [N,C]; undefined where there are none
  std::string note;          // how they were looked for, or why not
};

// Trains small networks, each on two thirds of the images: a minute or two for FER2013 on two
// cores. Looks for nothing where there are fewer than 300 different images. Nothing is returned
// where `stop` ended it.
std::optional<LabelDoubts> doubt_labels(const data::FaceSet& set, std::int64_t seed, Log& log,
                                        const std::atomic<bool>& stop);

}  // namespace fer::check
