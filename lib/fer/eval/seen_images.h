// Finds images of an evaluation that the models have seen in training.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "fer/eval/study_images.h"
#include "fer/metrics/vote_metrics.h"
#include "fer/nn/named_models.h"

namespace fer::eval {

// The images of the split that any of the models was trained on, pixel for pixel.
struct SeenSplit {
  std::int64_t seen = 0;            // a lower bound if some models do not list their images
  std::int64_t unknown_models = 0;  // models that do not list their training images
  metrics::Hits unseen;             // of all other images
};

// Counts the images that `models` have seen; their joint `probabilities` (float32 [N,C], CPU) give
// the accuracy on the rest. Nothing if no model lists its training images.
std::optional<SeenSplit> count_seen(const StudyImages& images,
                                    const std::vector<nn::NamedModel>& models,
                                    const at::Tensor& probabilities);

// True where scores on any of these images chose a model's epoch or temperature; false where they
// chose none. Nothing where no model is known to be chosen by them and some model does not say.
std::optional<bool> chosen_by_scores_on(const StudyImages& images,
                                        const std::vector<nn::NamedModel>& models);

}  // namespace fer::eval
