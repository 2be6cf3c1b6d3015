// Models as programs are given them (model/named_models.h), loaded into LibTorch's modules.
#pragma once

#include <string>
#include <vector>

#include "fer/model/named_models.h"
#include "fer/nn/model.h"

namespace fer::nn {

struct NamedModel : model::ModelPlace {
  Model model;
};

// Each of model::find_models, on `device` (as the option "device" has it). @throws fer::Error as
// that and load_model do, and where models know other classes than the first; of the same ones in
// another order, the first's order is taken.
std::vector<NamedModel> load_models(const std::vector<std::string>& names,
                                    const std::string& device, const std::string& field = "model",
                                    model::OnnxSpecs* specs = nullptr);

// Gives all the same classes in the order of `wanted` (model/class_order.h). @throws fer::Error
// that names the option and the file where a model knows others.
void order_classes(std::vector<NamedModel>& models, const LabelSet& wanted,
                   const std::string& field);

}  // namespace fer::nn
