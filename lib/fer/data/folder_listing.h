// Lists the pictures of a folder of classes, with the class and split of each. Needs a build with
// vision.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fer/core/label_set.h"
#include "fer/data/class_names.h"
#include "fer/data/data_options.h"
#include "fer/data/face_set.h"

namespace fer::data {

// Which folders are classes.
struct ClassFolderOptions {
  UnknownClasses unknown = UnknownClasses::error;  // folders that are not classes
  LabelSet known;                                  // the classes to match folders with
  // The folders with pictures, sorted by name, are the classes, instead of the known ones.
  bool own_classes = false;
  ClassNames names;  // renames folders before they are matched
  // Whether the known classes are a model's, so that the folders' own classes are no option.
  bool of_model = false;
  std::set<std::string>* met = nullptr;  // gets the names of folders with pictures; may be null
};

// Stored as the index of a folder and a name, because there may be millions.
struct ListedPicture {
  std::string name;  // relative to the folder
  std::uint32_t folder;
  std::uint16_t label;
  Split split;
};

struct FolderListing {
  LabelSet labels;
  std::vector<ListedPicture> pictures;         // never empty
  std::vector<std::filesystem::path> folders;  // of the pictures

  std::int64_t size() const { return static_cast<std::int64_t>(pictures.size()); }
  const ListedPicture& at(std::int64_t row) const {
    return pictures[static_cast<std::size_t>(row)];
  }
  std::filesystem::path path_of(std::int64_t row) const {
    return folders[at(row).folder] / at(row).name;
  }
};

// The split of a folder of this name: train, val, test and their usual spellings.
std::optional<Split> split_of_folder(const std::string& name);

// Lists CLASS/* or SPLIT/CLASS/*, and pictures in folders below, sorted by folder and name. `notes`
// gets a line about skipped files and one about other files that are left out. @throws fer::Error
// as read_image_folder(), except for unreadable pictures.
FolderListing list_class_folders(const std::filesystem::path& path,
                                 const ClassFolderOptions& options,
                                 std::vector<std::string>& notes);

}  // namespace fer::data
