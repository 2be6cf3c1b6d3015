// The released models as a table.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "fer/model/released_models.h"

namespace fer::model {

struct ListedModel {
  ReleasedModel model;
  std::vector<std::string> members = {};    // of an ensemble: its models' names
  std::string architecture = {};            // empty for an ensemble
  std::int64_t parameters = 0;              // of an ensemble: of all its models
  std::int64_t bytes = 0;                   // of the file; of an ensemble: of all its models
  std::optional<double> val_accuracy = {};  // on its validation images; nothing for an ensemble
  bool eight_bit = false;    // whether it (of an ensemble: each) has scales for 8-bit integers
  std::string problem = {};  // why it cannot be used; empty if it can
};

// Reads all released models. A file that is not a model is listed with its problem.
std::vector<ListedModel> list_models();

// A row for each model without a problem, with a star at the default.
std::string model_list_text(const std::vector<ListedModel>& models);

// docs/cli.md has the keys.
nlohmann::json model_list_json(const std::vector<ListedModel>& models);

}  // namespace fer::model
