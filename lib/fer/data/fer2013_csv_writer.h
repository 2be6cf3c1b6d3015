// Writes a set as a CSV in FER2013's format: emotion,pixels,Usage.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "fer/data/face_set.h"

namespace fer::data {

// Writes a row for each image of the set, in its order; read_fer2013_csv reads the same set back.
// Emotions are FER2013's numbers if the classes are FER2013's, in their order; otherwise class
// names. Without splits there is no column Usage. `row_done` gets the number of rows after each
// row; if it returns false, writing ends without a file. Returns whether there is a file. @throws
// fer::Error for rgb images, which such a file cannot hold, and if the file exists or cannot be
// written.
bool write_fer2013_csv(const std::filesystem::path& path, const FaceSet& set,
                       const std::function<bool(std::int64_t)>& row_done);

}  // namespace fer::data
