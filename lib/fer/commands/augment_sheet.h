#pragma once

#include <filesystem>

#include "fer/augment/augment_options.h"
#include "fer/core/random.h"
#include "fer/data/face_set.h"

namespace fer {

// A PNG to look at: a row for each of the first classes, the original face at its left, then what
// training makes of it. @throws fer::Error where it cannot be written.
void write_augment_sheet(const std::filesystem::path& path, const FaceSet& faces,
                         const AugmentOptions& options, const RandomStream& stream);

}  // namespace fer
