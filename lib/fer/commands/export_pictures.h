// The pictures that `fer-data export` writes.
#pragma once

#include <cstdint>
#include <filesystem>

#include "fer/commands/console.h"
#include "fer/core/work_progress.h"
#include "fer/data/face_set.h"

namespace fer::commands {

// Images between two looks at Ctrl-C.
inline constexpr std::int64_t kExportBatch = 64;

// @throws fer::Error where some images have a split and others none.
void check_splits(const data::FaceSet& set);

// Class names may come from a stranger's file. @throws fer::Error for one that would lead out of
// the output folder, or read back as something else.
void check_class_names(const data::FaceSet& set);

// SPLIT/CLASS/NNNNNN.png, or CLASS/NNNNNN.png for an image without a split.
std::filesystem::path picture_path(const data::FaceSet& set, std::int64_t row);

inline WorkProgress export_progress() { return {"export", "images"}; }

// Returns how many images were written below `output`: fewer than all where Ctrl-C asked to stop.
std::int64_t write_pictures(const data::FaceSet& set, const std::filesystem::path& output,
                            int threads, Console& console);

}  // namespace fer::commands
