// Packed sets: all images of a data set in one safetensors file, opened in milliseconds, because
// images are read on demand.
#pragma once

#include <filesystem>

#include "fer/core/safetensors_writer.h"
#include "fer/data/face_set.h"

namespace fer::data {

// Whether `path` is a packed file: it starts like safetensors, or has that ending.
bool is_packed_file(const std::filesystem::path& path);

// The layout of such a file with `count` images of the set. @throws fer::Error for class names that
// are not UTF-8, or too many, and images in no data format (is_data_format).
SafetensorsLayout packed_layout(const std::filesystem::path& path, const FaceSet& set,
                                std::int64_t count);

// Writes a complete file at once, and may replace one. It holds `images` uint8 [N,side,side] or,
// for rgb, [N,side,side,3], `labels` int64 [N], `splits` uint8 [N] and, if the set has them,
// `votes` uint8 [N,10]; its metadata `format` ("fer faces 1"), `labels` (a JSON list of class
// names) and `source`. @throws fer::Error as packed_layout does, and where the file cannot be
// written.
void write_packed_file(const std::filesystem::path& path, const FaceSet& set);

// The images stay in the file, which stays open as long as a set uses it; reading one throws if
// another program has cut the file short. Replacing the file, as write_packed_file does, is safe.
// @throws fer::Error that names the file and what is wrong with it: another format (a model, say),
// tensors that are missing or of another shape, values out of bounds.
FaceSet read_packed_file(const std::filesystem::path& path);

}  // namespace fer::data
