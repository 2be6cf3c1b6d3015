// Reader of image folders: one folder a class, with or without split folders above.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "fer/data/face_set.h"

namespace fer {

enum class UnknownClasses { error, skip };

// Whether `path` is a folder this reader takes.
bool is_image_folder(const std::filesystem::path& path);

// Reads train|val|test/CLASS/* (also training, validation, valid, publictest, privatetest) or
// CLASS/* pictures of any size and colour, made 48x48 grey by image/'s face_pixels. Class folders
// may use any spelling LabelSet::find knows. `notes` gains a line for what was skipped.
// @throws fer::Error that lists the folders that are no class (unless skipped), names a broken
// picture, or says that there are no pictures; also in a build without vision.
FaceSet read_image_folder(const std::filesystem::path& path, UnknownClasses unknown, int threads,
                          std::vector<std::string>& notes);

}  // namespace fer
