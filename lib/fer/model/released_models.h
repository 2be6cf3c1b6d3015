// Lists the released models and ensembles.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace fer::model {

struct ReleasedModel {
  std::string name;  // for the option `model`
  std::filesystem::path path;
  bool is_default = false;
};

// Sorted by name; of two with the same name, the one that find_model() takes. Searches the folders
// of core/data_folders.h.
std::vector<ReleasedModel> released_models();

}  // namespace fer::model
