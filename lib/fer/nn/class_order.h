// Reorders the classes of a network.
#pragma once

#include <string>

#include "fer/nn/model.h"

namespace fer::nn {

// As model::order_classes (model/class_order.h), in place.
void order_classes(Model& model, const LabelSet& wanted, const std::string& who);

}  // namespace fer::nn
