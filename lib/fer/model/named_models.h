// Models as programs are given them: files, run folders, released names, several as an ensemble.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "fer/core/text.h"
#include "fer/model/model_file.h"

namespace fer::model {

// Where a model lies.
struct ModelPlace {
  std::string name;  // short, for figures: "seed-cnn", or the run folder's name
  std::filesystem::path path;
  double weight = 1.0;  // in the mean of all; that of an ensemble file is shared by its models
};

// Each a file, a run folder, the name of a released model or an ensemble file (all its models);
// none: the released default. `field` is the option that names them. @throws fer::Error as
// find_model and read_ensemble do.
std::vector<ModelPlace> find_models(const std::vector<std::string>& names,
                                    const std::string& field = "model");

struct NamedModel : ModelPlace {
  Model model;
};

// Finds and reads them. @throws fer::Error as find_models and read_model do, and where a model
// knows other classes than the first; of the same ones in another order, the first's order is
// taken.
std::vector<NamedModel> load_models(const std::vector<std::string>& names,
                                    const std::string& field = "model");

// Of the mean of all: "a + b".
template <typename Named>
std::string joint_name(const std::vector<Named>& models) {
  std::vector<std::string> names;
  for (const ModelPlace& model : models) names.push_back(model.name);
  return join(names, " + ");
}

// The weights the models came with.
template <typename Named>
std::vector<double> own_weights(const std::vector<Named>& models) {
  std::vector<double> weights;
  for (const ModelPlace& model : models) weights.push_back(model.weight);
  return weights;
}

// What errors call a model that an option names: "model" path.
std::string model_text(const std::string& field, const ModelPlace& place);

// The option "weights" as numbers, one per model; empty where it is one of `words`, those that the
// program takes ("equal", "fitted"). @throws fer::OptionError for anything else.
std::vector<double> given_weights(const std::string& weights, std::size_t models,
                                  const std::vector<std::string>& words);

}  // namespace fer::model
