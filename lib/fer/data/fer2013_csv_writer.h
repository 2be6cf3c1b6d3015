// A set as FER2013's CSV, as Kaggle has it: emotion,pixels,Usage.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "fer/data/face_set.h"

namespace fer::data {

// Writes a row for each image of the set, in its order; read_fer2013_csv reads the same set back.
// Emotions are FER2013's numbers where the classes are FER2013's, in their order, else the names of
// classes. A set without splits has no column Usage. `row_done` is asked behind each row with the
// number of rows so far, and ends the writing by false: then there is no file. Returns whether
// there is one. @throws fer::Error for images in colours, which such a file cannot hold, and where
// the file is there already or cannot be written.
bool write_fer2013_csv(const std::filesystem::path& path, const FaceSet& set,
                       const std::function<bool(std::int64_t)>& row_done);

}  // namespace fer::data
