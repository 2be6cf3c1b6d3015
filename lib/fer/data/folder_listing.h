// Which pictures a folder of classes holds: of which class and split each is. Needs a build with
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

// What folders are taken for classes.
struct ClassFolderOptions {
  UnknownClasses unknown = UnknownClasses::error;  // folders that are not classes
  LabelSet known;                                  // the classes that folders are matched with
  // The classes are the folders that hold pictures, sorted by name, instead of the known ones.
  bool own_classes = false;
  ClassNames names;  // what folders are taken to be called
  // The known classes are a model's, so that taking the folders' own is no way out.
  bool of_model = false;
  std::set<std::string>* met = nullptr;  // gains the folders of classes that hold pictures, or null
};

// There may be millions: a file's path is that of one of the folders, and its own name.
struct ListedPicture {
  std::string name;  // as seen from the folder
  std::uint32_t folder;
  std::uint16_t label;
  Split split;
};

struct FolderListing {
  LabelSet labels;
  std::vector<ListedPicture> pictures;         // never none
  std::vector<std::filesystem::path> folders;  // they lie in

  std::int64_t size() const { return static_cast<std::int64_t>(pictures.size()); }
  const ListedPicture& at(std::int64_t row) const {
    return pictures[static_cast<std::size_t>(row)];
  }
  std::filesystem::path path_of(std::int64_t row) const {
    return folders[at(row).folder] / at(row).name;
  }
};

// The split that a folder of this name holds: train, val, test and their usual spellings.
std::optional<Split> split_of_folder(const std::string& name);

// Lists CLASS/* or SPLIT/CLASS/* and what lies in folders below, by folders and names. `notes` gains
// a line on what is skipped and one on what else is left out. @throws fer::Error as
// read_image_folder does, but for pictures that cannot be read.
FolderListing list_class_folders(const std::filesystem::path& path,
                                 const ClassFolderOptions& options,
                                 std::vector<std::string>& notes);

}  // namespace fer::data
