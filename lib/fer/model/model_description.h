// A description of a model file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "fer/graph/net_cost.h"
#include "fer/model/model_info.h"
#include "fer/model/weight_precision.h"

namespace fer::model {

struct ModelDescription {
  std::filesystem::path path;
  std::uintmax_t bytes = 0;  // of the file
  WeightPrecision stored = WeightPrecision::float32;
  ModelInfo info;
  graph::NetCost cost;  // of one face
};

// @throws fer::Error as read_model and graph_of do.
ModelDescription describe_model(const std::filesystem::path& path);

// docs/cli.md has the keys.
nlohmann::json description_json(const ModelDescription& model);

// A line for each fact, safe to show on a terminal for any file.
std::string description_text(const ModelDescription& model);

}  // namespace fer::model
