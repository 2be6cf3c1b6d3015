#pragma once

#include <vector>

#include "fer/model/named_models.h"

namespace fer {

// The models without their names and paths, as an Ensemble takes them.
inline std::vector<Model> bare_models(const std::vector<NamedModel>& models) {
  std::vector<Model> bare;
  for (const NamedModel& named : models) bare.push_back(named.model);
  return bare;
}

}  // namespace fer
