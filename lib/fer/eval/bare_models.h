#pragma once

#include <vector>

#include "fer/nn/named_models.h"

namespace fer::eval {

// The models without their names and paths, as an Ensemble takes them.
inline std::vector<nn::Model> bare_models(const std::vector<nn::NamedModel>& models) {
  std::vector<nn::Model> bare;
  for (const nn::NamedModel& named : models) bare.push_back(named.model);
  return bare;
}

}  // namespace fer::eval
