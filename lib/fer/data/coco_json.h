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

// Where a detector found the face of an image.
struct FaceBox {
  std::array<int, 4> box{};  // x, y, width, height in pixels of the image
  double score = 0.0;        // how sure the detector was, in [0, 1]
};

// The images of one split as COCO's "instances": an image has the number of its row in the set plus
// 1, the file `file_of(row)`, and one annotation with its class (`category_id`, from 1) and box.
// `boxes` has what a detector found in each image of the set, or is empty where none was run: an
// annotation without one covers the whole image, and has no `score`.
std::string coco_json(const FaceSet& set, Split split,
                      const std::function<std::string(std::int64_t)>& file_of,
                      const std::vector<std::optional<FaceBox>>& boxes);

}  // namespace fer::data
