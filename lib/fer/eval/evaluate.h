// A model and a set of faces in, what the model is worth on them out.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>

#include "fer/data/face_set.h"
#include "fer/infer/ensemble.h"
#include "fer/metrics/classification_report.h"
#include "fer/metrics/scored_samples.h"
#include "fer/model/model_file.h"

namespace fer {

struct Evaluation {
  ClassificationReport report;
  at::Tensor probabilities;  // float32 [N,C], CPU, rows in the set's order
  double seconds = 0.0;      // inference alone: images in memory to probabilities
};

// `probabilities` (float32 [N,C], contiguous, CPU) as answers to the set's N images, for the metrics
// to look at: a view, both outlive it. @throws fer::Error for probabilities that are none.
ScoredSamples scored(const at::Tensor& probabilities, const FaceSet& set);

// What these answers are worth. @throws fer::Error as scored does.
ClassificationReport score(const at::Tensor& probabilities, const FaceSet& set);

// @throws fer::Error where model and set have different classes or the set is empty.
Evaluation evaluate(const Model& model, const FaceSet& set, std::int64_t batch_size,
                    const std::string& tta = "none");
Evaluation evaluate(const Ensemble& ensemble, const FaceSet& set, std::int64_t batch_size,
                    const std::string& tta = "none");

}  // namespace fer
