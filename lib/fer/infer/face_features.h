// Each face as the vector that a network makes its logits of.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "fer/core/face.h"
#include "fer/model/named_models.h"

namespace fer::infer {

struct FaceFeatures {
  std::size_t size = 0;  // numbers of a vector
  // The vector of each face; cuts as ClassifyFaces takes them. Several threads may call it at once.
  std::function<std::vector<std::vector<float>>(FacesView faces, std::span<const FaceCuts> cuts)>
      of;
};

// By the first model, in float32. `wanted`: ClassifyFaces::wanted() of the same models. @throws
// fer::Error as FaceModel does.
FaceFeatures features_with(const std::vector<model::NamedModel>& models, const WantedFaces& wanted);

}  // namespace fer::infer
