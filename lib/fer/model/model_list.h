// The released models in a table.
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
  std::int64_t parameters = 0;              // an ensemble's are those of all its models
  std::int64_t bytes = 0;                   // of the file, or of all an ensemble's models
  std::optional<double> val_accuracy = {};  // on its validation images; nothing for an ensemble
  bool eight_bit = false;    // whether it, or each of an ensemble, has scales for 8-bit integers
  std::string problem = {};  // why it cannot be used; empty where it can
};

// Reads all of them. A file that is not a model is in the list with its problem.
std::vector<ListedModel> list_models();

// A row a model, with a star at the default; those with a problem are left out.
std::string model_list_text(const std::vector<ListedModel>& models);

// The keys of docs/cli.md.
nlohmann::json model_list_json(const std::vector<ListedModel>& models);

}  // namespace fer::model
