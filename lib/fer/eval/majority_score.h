// Scores predictions against the majority of FER+'s ten people.
#pragma once

#include <ATen/core/Tensor.h>

#include <optional>

#include "fer/data/face_set.h"
#include "fer/metrics/classification_report.h"

namespace fer::eval {

// The report of `probabilities` (float32 [N,C], CPU, one row per image of `set`) on the images
// where FER+ has a majority for one of the set's classes (data/vote_targets.h: single votes are
// dropped, and the majority is more than half of the others). Nothing if the set has no votes, a
// class that FER+ does not know, or no image with a majority.
std::optional<metrics::ClassificationReport> majority_score(const at::Tensor& probabilities,
                                                            const data::FaceSet& set);

// Whether there is such an image.
bool has_majority(const data::FaceSet& set);

}  // namespace fer::eval
