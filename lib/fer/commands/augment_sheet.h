#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "fer/augment/augment_options.h"
#include "fer/core/random.h"
#include "fer/data/face_set.h"

namespace fer {

// A PNG to look at: a row for each of the first classes, the original face at its left, then what
// training makes of it; below, a row for each kind of change that is on, alone, on the first face.
// @return what each row shows, "all together" or an option's name. @throws fer::Error where it
// cannot be written.
std::vector<std::string> write_augment_sheet(const std::filesystem::path& path,
                                             const FaceSet& faces, const AugmentOptions& options,
                                             const RandomStream& stream);

}  // namespace fer
