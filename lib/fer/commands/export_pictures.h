// Writes the pictures of `fer-data export`.
#pragma once

#include <cstdint>
#include <filesystem>

#include "fer/commands/console.h"
#include "fer/core/work_progress.h"
#include "fer/data/face_set.h"

namespace fer::commands {

// Images between two checks for Ctrl-C.
inline constexpr std::int64_t kExportBatch = 64;

// @throws fer::Error if only some images have a split.
void check_splits(const data::FaceSet& set);

// Checks untrusted class names. @throws fer::Error for a name that would leave the output folder,
// or be read back differently.
void check_class_names(const data::FaceSet& set);

// SPLIT/CLASS/NNNNNN.png, or CLASS/NNNNNN.png for an image without a split.
std::filesystem::path picture_path(const data::FaceSet& set, std::int64_t row);

inline WorkProgress export_progress() { return {"export", "images"}; }

// Writes the images below `output`. Returns their number, which is lower after Ctrl-C.
std::int64_t write_pictures(const data::FaceSet& set, const std::filesystem::path& output,
                            int threads, Console& console);

}  // namespace fer::commands
