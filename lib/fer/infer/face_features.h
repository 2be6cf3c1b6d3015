// The embedding of a face: the vector from which a network computes the logits.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "fer/core/face.h"
#include "fer/model/named_models.h"

namespace fer::infer {

struct FaceFeatures {
  std::size_t size = 0;  // length of a vector
  // Computes the vector of each face; cuts: as for ClassifyFaces. Several threads may call it at
  // once.
  std::function<std::vector<std::vector<float>>(FacesView faces, std::span<const FaceCuts> cuts)>
      of;
};

// The features by the first model, in float32. `wanted`: ClassifyFaces::wanted() of the same
// models. @throws fer::Error as FaceModel does.
FaceFeatures features_with(const std::vector<model::NamedModel>& models, const WantedFaces& wanted);

}  // namespace fer::infer
