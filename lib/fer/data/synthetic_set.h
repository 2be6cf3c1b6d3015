// The built-in data set of synthetic faces.
#pragma once

#include <cstdint>

#include "fer/core/face.h"
#include "fer/data/face_set.h"

namespace fer::data {

inline constexpr std::int64_t kDefaultSyntheticCount = 5000;
inline constexpr std::int64_t kMaxSyntheticCount = 1'000'000;    // in memory: 2.3 GB
inline constexpr std::int64_t kMaxDrawnWhenAsked = 100'000'000;  // to be packed: 230 GB

// `count` faces, with the classes in turn, eight tenths for training and a tenth each for
// validation and test. Image i is the same in sets of any size and in every run. Faces are drawn at
// 48x48, grey, and scaled bilinearly; rgb faces have a random tint each. @throws fer::Error for a
// count outside 70 to kMaxSyntheticCount.
FaceSet make_synthetic_set(std::int64_t count, int threads, const FaceFormat& format = {});

// That set with faces that are drawn at each read. @throws fer::Error for a count outside 70 to
// kMaxDrawnWhenAsked.
FaceSet synthetic_set_when_asked(std::int64_t count, const FaceFormat& format = {});

// Face `number` of these sets, from 0; and their first `count` faces.
std::vector<std::uint8_t> draw_synthetic_face_number(std::int64_t number,
                                                     const FaceFormat& format = {});
Faces draw_synthetic_faces(std::int64_t count, const FaceFormat& format = {});

}  // namespace fer::data
