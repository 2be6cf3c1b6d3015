// Measures how a model's errors grow with corruptions of the images.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fer/core/log.h"
#include "fer/core/random.h"
#include "fer/data/face_set.h"
#include "fer/infer/tta.h"
#include "fer/metrics/corruption_error.h"
#include "fer/nn/ensemble.h"
#include "fer/ranks/ranks.h"

namespace fer::eval {

// The error rate under each corruption of eval/corruptions.h, at its five strengths.
std::vector<metrics::CorruptionErrors> errors_when_corrupted(
    const nn::Ensemble& ensemble, const data::FaceSet& set, std::int64_t batch_size, infer::Tta tta,
    const RandomStream& stream, Log& log, ranks::Ranks& ranks = ranks::alone());

}  // namespace fer::eval
