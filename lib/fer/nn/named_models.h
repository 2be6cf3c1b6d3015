// The models that a user names (model/named_models.h), loaded into LibTorch modules.
#pragma once

#include <string>
#include <vector>

#include "fer/model/named_models.h"
#include "fer/nn/model.h"

namespace fer::nn {

struct NamedModel : model::ModelPlace {
  Model model;
};

// The models of model::find_models on `device` (the option "device"). Models with the first one's
// classes in another order are reordered. @throws fer::Error as find_models and load_model do, and
// for models with other classes than the first.
std::vector<NamedModel> load_models(const std::vector<std::string>& names,
                                    const std::string& device, const std::string& field = "model",
                                    model::OnnxSpecs* specs = nullptr);

// Reorders the classes of all models as in `wanted` (model/class_order.h). @throws fer::Error that
// names the option and the file of a model with other classes.
void order_classes(std::vector<NamedModel>& models, const LabelSet& wanted,
                   const std::string& field);

}  // namespace fer::nn
