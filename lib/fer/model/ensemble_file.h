// A small JSON file that lists the models of an ensemble:
//
//   {"ensemble": [{"model": "small", "weight": 1}, {"model": "nano", "weight": 1}]}
#pragma once

#include <filesystem>
#include <vector>

namespace fer::model {

struct EnsembleMember {
  std::filesystem::path path;  // of its model file, beside the list
  double weight = 1.0;         // in the mean; the weights of a list add up to 1
};

inline constexpr const char* kEnsembleExtension = ".json";

// @throws fer::Error that names the file, unless it lists 2 to 16 models in its own folder, with
// weights of at least 0 (by default 1) that are not all 0.
std::vector<EnsembleMember> read_ensemble(const std::filesystem::path& path);

}  // namespace fer::model
