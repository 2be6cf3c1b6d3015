// A set as COCO's JSON: images, annotations with boxes, categories.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "fer/data/face_set.h"

namespace fer::data {

// The box of an image's face, by a detector.
struct FaceBox {
  std::array<int, 4> box{};  // x, y, width, height in pixels of the image
  double score = 0.0;        // the detector's confidence, in [0, 1]
};

// The images of one split as COCO's "instances": an image has the number of its row in the set plus
// 1, the file `file_of(row)`, and one annotation with its class (`category_id`, from 1) and box.
// `boxes`: of each image of the set, or empty without a detector. An annotation without a box
// covers the whole image and has no `score`.
std::string coco_json(const FaceSet& set, Split split,
                      const std::function<std::string(std::int64_t)>& file_of,
                      const std::vector<std::optional<FaceBox>>& boxes);

}  // namespace fer::data
