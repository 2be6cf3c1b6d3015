// Models as programs are given them: files, run folders, released names, several as an ensemble.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "fer/core/option_error.h"
#include "fer/model/model_file.h"

namespace fer::model {

struct NamedModel {
  std::string name;  // short, for figures: "seed-cnn", or the run folder's name
  std::filesystem::path path;
  Model model;
  double weight = 1.0;  // in the mean of all; that of an ensemble file is shared by its models
};

// Each a file, a run folder, the name of a released model or an ensemble file (all its models); none:
// the released default. On `device`
// (as --device has it). @throws fer::Error as find_model and load_model do, and where models know
// other classes than the first; of the same ones in another order, the first's order is taken.
std::vector<NamedModel> load_models(const std::vector<std::string>& names,
                                    const std::string& device,
                                    const std::string& named = option("model"));

// Gives all the same classes in the order of `wanted` (model/class_order.h).
// @throws fer::Error that names the option and the file where a model knows others.
void order_classes(std::vector<NamedModel>& models, const LabelSet& wanted,
                   const std::string& named);

// Of the mean of all: "a + b".
std::string joint_name(const std::vector<NamedModel>& models);

// The weights the models came with.
std::vector<double> own_weights(const std::vector<NamedModel>& models);

// --weights as numbers: empty for equal (own_weights) and fitted ones. @throws fer::Error for anything else that is
// not a number a model.
std::vector<double> given_weights(const std::string& weights, std::size_t models);

}  // namespace fer::model
