// Which released models and ensembles there are.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace fer::model {

struct ReleasedModel {
  std::string name;  // as the option `model` takes it
  std::filesystem::path path;
  bool is_default = false;
};

// By name; of two of one name that which find_model takes. Which folders are searched is in
// core/data_folders.h.
std::vector<ReleasedModel> released_models();

}  // namespace fer::model
