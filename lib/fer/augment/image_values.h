// Values of the single images of a batch as tensors that broadcast over the batch.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <vector>

#include "fer/augment/face_change.h"
#include "fer/tensors/to_device.h"

namespace fer::augment {

inline constexpr double kWhite = 255.0;

// value(item) for each image: float32 [N,1,1] on the device of `like`.
template <class Item, class Value>
at::Tensor image_values(const std::vector<Item>& items, Value value, const at::Tensor& like) {
  std::vector<float> values;
  for (const Item& item : items) values.push_back(static_cast<float>(std::invoke(value, item)));
  return tensors::to_device(values, like.device()).view({-1, 1, 1});
}

// True inside each image's box: bool [N,H,W]; a pixel is inside where its centre is.
at::Tensor inside_regions(const std::vector<FaceChange>& changes, FaceRegion FaceChange::*region,
                          const at::Tensor& like);

}  // namespace fer::augment
