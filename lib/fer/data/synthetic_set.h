// The embedded default data set: synthetic faces, drawn when asked for.
#pragma once

#include <cstdint>
#include <vector>

#include "fer/core/face.h"
#include "fer/data/face_set.h"

namespace fer::data {

inline constexpr std::int64_t kDefaultSyntheticCount = 5000;
inline constexpr std::int64_t kMaxSyntheticCount = 1'000'000;

// `count` faces, classes in turn, eight tenths for training and a tenth each for validation and
// test. Image i is the same in a set of any size and on every run.
// @throws fer::Error for a count outside 70 to kMaxSyntheticCount.
FaceSet make_synthetic_set(std::int64_t count, int threads);

// The first `count` of these faces alone.
std::vector<FacePixels> draw_synthetic_faces(std::int64_t count);

}  // namespace fer::data
