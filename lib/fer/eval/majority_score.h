// A model's answers against what most of FER+'s ten people said.
#pragma once

#include <ATen/core/Tensor.h>

#include <optional>

#include "fer/data/face_set.h"
#include "fer/metrics/classification_report.h"

namespace fer {

// The report of `probabilities` (float32 [N,C], CPU, a row an image of `set`) on the images on which
// FER+ has a majority for one of the set's classes (data/vote_targets.h: single votes dropped, more
// than half of the rest). Nothing where the set has no votes, a class that FER+ does not ask for, or
// no image with a majority.
std::optional<ClassificationReport> majority_score(const at::Tensor& probabilities,
                                                   const FaceSet& set);

// Whether there is such an image.
bool has_majority(const FaceSet& set);

}  // namespace fer
