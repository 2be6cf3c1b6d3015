// The embedded default data set: synthetic faces, drawn when asked for.
#pragma once

#include <cstdint>

#include "fer/core/face.h"
#include "fer/data/face_set.h"

namespace fer::data {

inline constexpr std::int64_t kDefaultSyntheticCount = 5000;
inline constexpr std::int64_t kMaxSyntheticCount = 1'000'000;    // in memory: 2.3 GB
inline constexpr std::int64_t kMaxDrawnWhenAsked = 100'000'000;  // to be packed: 230 GB

// `count` faces, classes in turn, eight tenths for training and a tenth each for validation and
// test. Image i is the same in a set of any size and on every run. Faces are drawn at 48x48, grey,
// and scaled bilinearly; in colours, each has a tint of its own.
// @throws fer::Error for a count outside 70 to kMaxSyntheticCount.
FaceSet make_synthetic_set(std::int64_t count, int threads, const FaceFormat& format = {});

// The same set, with faces that are drawn each time they are asked for.
// @throws fer::Error for a count outside 70 to kMaxDrawnWhenAsked.
FaceSet synthetic_set_when_asked(std::int64_t count, const FaceFormat& format = {});

// Face `number` of all these sets, from 0; and the first `count` of them.
std::vector<std::uint8_t> draw_synthetic_face_number(std::int64_t number,
                                                     const FaceFormat& format = {});
Faces draw_synthetic_faces(std::int64_t count, const FaceFormat& format = {});

}  // namespace fer::data
