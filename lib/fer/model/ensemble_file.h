// A small JSON file that lists the models of an ensemble:
//
//   {"ensemble": [{"model": "small", "weight": 1}, {"model": "nano", "weight": 1}]}
#pragma once

#include <filesystem>
#include <vector>

namespace fer::model {

struct EnsembleMember {
  std::filesystem::path path;  // of its model file, beside the list
  double weight = 1.0;         // in the mean; those of a list add up to 1
};

inline constexpr const char* kEnsembleExtension = ".json";

// @throws fer::Error that names the file and says what a list needs: 2 to 16 models of its own
// folder, weights of at least 0 that are not all 0 (1 where there is none).
std::vector<EnsembleMember> read_ensemble(const std::filesystem::path& path);

}  // namespace fer::model
