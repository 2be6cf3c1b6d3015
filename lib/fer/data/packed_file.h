// Packed sets: all images of a data set in one safetensors file, opened in milliseconds: images are
// read when they are asked for.
#pragma once

#include <filesystem>

#include "fer/core/safetensors_writer.h"
#include "fer/data/face_set.h"

namespace fer::data {

// Whether `path` is a file this reader takes: one that starts like safetensors, or is named so.
bool is_packed_file(const std::filesystem::path& path);

// Where all of such a file stands, with `count` images of the set. @throws fer::Error for what
// cannot be written: class names that are not UTF-8, or too many, and images that are no faces of a
// data set (is_data_format).
SafetensorsLayout packed_layout(const std::filesystem::path& path, const FaceSet& set,
                                std::int64_t count);

// pack_set (pack_set.h) in one go, also in place of another file. Complete or absent. The file
// holds `images` uint8 [N,side,side], of colours [N,side,side,3], `labels` int64 [N], `splits`
// uint8 [N] and, where the set has them, `votes` uint8 [N,10]; its metadata `format` ("fer faces
// 1"), `labels` (a JSON list of class names) and `source`. @throws fer::Error as packed_layout
// does, and where the file cannot be written.
void write_packed_file(const std::filesystem::path& path, const FaceSet& set);

// The images stay in the file, which is open as long as a set has some of them: reading one throws
// where another program has cut the file short in the meantime. Replacing the file by another, as
// write_packed_file does, is safe.
// @throws fer::Error that names the file and what is wrong with it: another format (a model, say),
// tensors that are missing or of another shape, values out of bounds.
FaceSet read_packed_file(const std::filesystem::path& path);

}  // namespace fer::data
