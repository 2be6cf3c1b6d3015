// Evaluates a model on a set of faces.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>

#include "fer/data/face_set.h"
#include "fer/eval/study_images.h"
#include "fer/infer/tta.h"
#include "fer/metrics/classification_report.h"
#include "fer/metrics/scored_samples.h"
#include "fer/nn/ensemble.h"
#include "fer/nn/model.h"
#include "fer/ranks/ranks.h"

namespace fer::eval {

// The class probabilities of images: float32 [N,C], CPU (rows_of_blocks.h).
at::Tensor probabilities(const nn::Ensemble& ensemble, const StudyImages& images,
                         std::int64_t batch_size, infer::Tta tta = infer::Tta::none,
                         ranks::Ranks& ranks = ranks::alone());
at::Tensor probabilities(const nn::Model& model, const data::Images& images,
                         std::int64_t batch_size);

struct Evaluation {
  metrics::ClassificationReport report;
  at::Tensor probabilities;  // float32 [N,C], CPU, rows in the set's order
  double seconds = 0.0;      // inference only: images to probabilities
};

// `probabilities` (float32 [N,C], contiguous, CPU) of the N images of the set, with their labels,
// as input of the metrics. It is a view: both must outlive it. @throws fer::Error for values that
// are not probabilities.
metrics::ScoredSamples scored(const at::Tensor& probabilities, const data::FaceSet& set);

// The scores of these probabilities. @throws fer::Error as scored does.
metrics::ClassificationReport score(const at::Tensor& probabilities, const data::FaceSet& set);

// @throws fer::Error where model and set have different classes or the set is empty.
Evaluation evaluate(const nn::Model& model, const data::FaceSet& set, std::int64_t batch_size,
                    infer::Tta tta = infer::Tta::none);
Evaluation evaluate(const nn::Ensemble& ensemble, const StudyImages& images,
                    std::int64_t batch_size, infer::Tta tta = infer::Tta::none,
                    ranks::Ranks& ranks = ranks::alone());

}  // namespace fer::eval
