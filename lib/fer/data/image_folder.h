// Reader of image folders: one folder a class, with or without split folders above.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "fer/core/face.h"
#include "fer/data/data_options.h"
#include "fer/data/face_set.h"
#include "fer/data/folder_listing.h"

namespace fer::data {

struct FolderOptions : ClassFolderOptions {
  BrokenImages broken = BrokenImages::error;  // pictures that cannot be read
  // Pictures are listed alone, and decoded when they are asked for; then none has a name in the
  // set, and broken ones are for describe_broken().
  bool when_asked = false;
  FaceFormat faces = {};  // what pictures become
  // Nobody chose that: `notes` says it where the first picture has another size.
  bool faces_by_default = false;
};

// Whether `path` is a folder this reader takes.
bool is_image_folder(const std::filesystem::path& path);

// Reads train|val|test/CLASS/* (also training, validation, valid, publictest, privatetest) or
// CLASS/* and what lies in folders below: pictures of any size and colour, known by their names or
// their first bytes, made faces of one format by image/'s face_bytes. Class folders may use any
// spelling LabelSet::find knows; folders without a picture need be no class. `notes` gains a line
// for each kind of thing skipped, and one that counts and names what else is left out
// (folder_files.h). @throws fer::Error that lists the folders that are not classes (unless
// skipped), names a broken picture (unless skipped), or says that there are no pictures, or that
// the folder's own classes are not a valid LabelSet; also in a build without vision.
FaceSet read_image_folder(const std::filesystem::path& path, const FolderOptions& options,
                          int threads, std::vector<std::string>& notes);

// What to say of pictures that are left out because they cannot be read. @throws fer::Error where
// these are all there are.
std::string describe_broken(const std::string& source, const Images& pictures,
                            const std::vector<std::int64_t>& broken);

// int64 [M]: 0 to count without these rows.
at::Tensor other_rows(std::int64_t count, const std::vector<std::int64_t>& left_out);

}  // namespace fer::data
