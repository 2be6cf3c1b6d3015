// Reader of image folders: one folder for each class, with or without split folders above.
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
  // Pictures are only listed, and decoded at each read; images then have no names in the set, and
  // describe_broken() reports broken ones.
  bool when_asked = false;
  FaceFormat faces = {};  // format that pictures are converted to
  // Nobody chose `faces`: `notes` gets a line if the first picture has another size.
  bool faces_by_default = false;
};

// Whether `path` is a folder that this reader takes.
bool is_image_folder(const std::filesystem::path& path);

// Reads train|val|test/CLASS/* (also training, validation, valid, publictest, privatetest) or
// CLASS/* and what lies in folders below: pictures of any size and colour, known by their names or
// their first bytes, made faces of one format by image/'s face_bytes. Class folders may use any
// spelling LabelSet::find knows; folders without a picture need not be classes. `notes` gets a line
// for each kind of skipped images, and one that counts and names other files that are left out
// (folder_files.h). @throws fer::Error for folders that are not classes (unless skipped), a broken
// picture (unless skipped), no pictures, folders whose names are no valid LabelSet, and in a build
// without vision.
FaceSet read_image_folder(const std::filesystem::path& path, const FolderOptions& options,
                          int threads, std::vector<std::string>& notes);

// The note about broken pictures that are left out. @throws fer::Error if all pictures are broken.
std::string describe_broken(const std::string& source, const Images& pictures,
                            const std::vector<std::int64_t>& broken);

// The note about pictures of which some were stretched because they are not square.
std::string describe_stretched(const std::string& source, std::int64_t stretched,
                               std::int64_t pictures);

// int64 [M]: the rows from 0 to count - 1 except these.
at::Tensor other_rows(std::int64_t count, const std::vector<std::int64_t>& left_out);

}  // namespace fer::data
