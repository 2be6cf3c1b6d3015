// Small sets that the data tests make for themselves.
#pragma once

#include <ATen/Functions.h>

#include <cstdint>
#include <vector>

#include "fer/core/face.h"
#include "fer/data/face_set.h"

namespace fer::test {

// An image that is `level` everywhere except in its last pixel (it would be blank otherwise), with
// its label and split.
struct Entry {
  int level;
  std::int64_t label;
  data::Split split;
};

inline data::FaceSet make_set(const std::vector<Entry>& entries) {
  const auto count = static_cast<std::int64_t>(entries.size());
  data::FaceSet set;
  set.source = "made";
  set.images = at::empty({count, kFaceSide, kFaceSide}, at::kByte);
  set.labels = at::empty({count}, at::kLong);
  set.splits = at::empty({count}, at::kByte);
  for (std::int64_t i = 0; i < count; ++i) {
    const Entry& entry = entries[static_cast<std::size_t>(i)];
    set.images.all()[i].fill_(entry.level);
    set.images.all()[i][kFaceSide - 1][kFaceSide - 1] = 255 - entry.level;
    set.labels[i] = entry.label;
    set.splits[i] = static_cast<std::int64_t>(entry.split);
  }
  return set;
}

// The set with no two equal images: each has its row number in two of its pixels.
inline data::FaceSet distinct(data::FaceSet set) {
  for (std::int64_t i = 0; i < set.size(); ++i) {
    set.images.all()[i][1][0] = i / 256;
    set.images.all()[i][1][1] = i % 256;
  }
  return set;
}

// The first pixel of each image: which entries a set holds.
inline std::vector<int> levels_of(const data::FaceSet& set) {
  std::vector<int> levels;
  for (std::int64_t i = 0; i < set.size(); ++i)
    levels.push_back(set.images.all()[i][0][0].item<int>());
  return levels;
}

}  // namespace fer::test
