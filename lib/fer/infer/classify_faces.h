// Faces in, numbers out: what prediction needs to know of the models.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "fer/core/face.h"
#include "fer/infer/tta.h"
#include "fer/model/named_models.h"
#include "fer/runtime/executable.h"

namespace fer::infer {

// The probabilities [C] of each face, in order; a row sums to 1.
using ClassifyFaces =
    std::function<std::vector<std::vector<float>>(std::span<const FacePixels> faces)>;

// For each face the class shown -> a map of 48x48 in [0, 1], 1 where most spoke for the class.
using ExplainFaces = std::function<std::vector<std::vector<float>>(
    std::span<const FacePixels> faces, std::span<const std::int64_t> classes)>;

// Each face's probabilities by the mean of the models with their weights, over the views of `tta`.
// Holds copies of their weights, which copies of the function share; several threads may call it at
// once. Few faces are classified on the calling thread alone: the other cores are the detector's.
// `threads` is at least 1. A model of weight 0 is not run. @throws fer::Error as FaceModel does.
ClassifyFaces classify_with(const std::vector<model::NamedModel>& models, Tta tta, int threads,
                            runtime::Precision precision = runtime::Precision::float32);

// Grad-CAM (infer/grad_cam.h) of the first model, which is prepared when it is first asked.
ExplainFaces explain_with(const std::vector<model::NamedModel>& models);

}  // namespace fer::infer
