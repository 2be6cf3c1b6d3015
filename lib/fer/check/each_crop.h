// Goes through the images of a set with a progress display.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <vector>

#include "fer/core/face.h"
#include "fer/core/log.h"
#include "fer/data/face_set.h"

namespace fer::check {

// Calls `look` with the row and the pixels of each of these images, in their order, and logs the
// progress. False if `stop` ended it.
bool each_crop(const data::FaceSet& set, const std::vector<std::int64_t>& rows, Log& log,
               const std::atomic<bool>& stop,
               const std::function<void(std::int64_t row, FaceView crop)>& look);

}  // namespace fer::check
