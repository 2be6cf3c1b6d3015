#pragma once

#include <vector>

#include "fer/model/named_models.h"

namespace fer::eval {

// The models without their names and paths, as an Ensemble takes them.
inline std::vector<model::Model> bare_models(const std::vector<model::NamedModel>& models) {
  std::vector<model::Model> bare;
  for (const model::NamedModel& named : models) bare.push_back(named.model);
  return bare;
}

}  // namespace fer::eval
