// Checks a data set before training: counts, duplicates, blank images, contradicting labels.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fer/data/face_set.h"

namespace fer::data {

// Images that are equal pixel for pixel.
struct DuplicateGroup {
  std::vector<std::int64_t> rows;  // two or more, ascending
  bool crosses_splits = false;     // in more than one split: a leak
  bool labels_differ = false;      // equal images with different labels
};

struct SplitCounts {
  Split split;
  std::int64_t total = 0;
  std::vector<std::int64_t> per_class;  // [C]
  std::vector<std::int64_t> published;  // FER2013's published counts; empty for other sets
  bool matches_published = false;
};

struct DataCheck {
  LabelSet label_set;
  std::vector<SplitCounts> splits;         // of the set
  std::vector<DuplicateGroup> duplicates;  // in order of their first rows, without blank images
  std::vector<std::int64_t> blank_rows;    // every pixel the same
  std::int64_t duplicate_images = 0;       // images with an equal one
  std::int64_t leaked_images = 0;          // validation or test images equal to a training image
  std::int64_t contradicting_images = 0;   // images with an equal one of another label
};

DataCheck check_data(const FaceSet& set);

}  // namespace fer::data
