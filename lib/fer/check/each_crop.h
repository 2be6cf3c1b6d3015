// A walk through the images of a set, which takes a while.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <vector>

#include "fer/core/face.h"
#include "fer/core/log.h"
#include "fer/data/face_set.h"

namespace fer::check {

// Calls `look` with the number of each of these images in the set, and its pixels, in their order.
// The log is told how far it is. False where `stop` is set, which ends the walk.
bool each_crop(const data::FaceSet& set, const std::vector<std::int64_t>& rows, Log& log,
               const std::atomic<bool>& stop,
               const std::function<void(std::int64_t row, FaceView crop)>& look);

}  // namespace fer::check
