// Which images of an evaluation the models already know.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "fer/eval/study_images.h"
#include "fer/metrics/vote_metrics.h"
#include "fer/nn/named_models.h"

namespace fer::eval {

// Images of the split that the model, or any of several, was trained on, pixel for pixel.
struct SeenSplit {
  std::int64_t seen = 0;            // at least, where some models do not know their images
  std::int64_t unknown_models = 0;  // how many do not
  metrics::Hits unseen;             // of all other images
};

// Counts the images that `models` have seen; their joint `probabilities` (float32 [N,C],
// CPU) say how good they are on the rest. Nothing where no model knows its images.
std::optional<SeenSplit> count_seen(const StudyImages& images,
                                    const std::vector<nn::NamedModel>& models,
                                    const at::Tensor& probabilities);

// Whether scores on these images chose a model's epoch or temperature. Nothing where that is not
// known of all models.
std::optional<bool> chosen_by_scores_on(const StudyImages& images,
                                        const std::vector<nn::NamedModel>& models);

}  // namespace fer::eval
