// Faces in, numbers out, for code that knows no tensor library.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "fer/core/face.h"

namespace fer::model {
struct NamedModel;  // model/named_models.h
}

namespace fer::infer {

// The probabilities [C] of each face, in order; a row sums to 1.
using ClassifyFaces =
    std::function<std::vector<std::vector<float>>(std::span<const FacePixels> faces)>;

// For each face the class shown -> a map of 48x48 in [0, 1], 1 where most spoke for the class.
using ExplainFaces = std::function<std::vector<std::vector<float>>(
    std::span<const FacePixels> faces, std::span<const std::int64_t> classes)>;

// Each face's probabilities by the mean of the models, over the views of `tta` (infer/tta.h). Holds
// copies of their weights, which copies of the function share; several threads may call it at once.
// Few faces are classified on the calling thread alone: the other cores are the detector's.
// `threads` is at least 1. @throws fer::Error for an unknown `tta`.
ClassifyFaces classify_with(const std::vector<model::NamedModel>& models, const std::string& tta,
                            int threads);

// Grad-CAM (infer/explain.h) of the first model.
ExplainFaces explain_with(const std::vector<model::NamedModel>& models);

}  // namespace fer::infer
