// Models of the same classes in another order.
#pragma once

#include <string>
#include <string_view>

#include "fer/model/model_file.h"

namespace fer {

// The last layer, which is called so in every network of the table; its tensors have a row a class. What
// --body-lr leaves alone and what is replaced where a model starts from one with other classes.
inline constexpr std::string_view kHead = "logits.";

// The model with its classes called and ordered as in `wanted`: the rows of its last layer change places,
// in the weights themselves. Classes are matched by name, in any usual spelling.
// @throws fer::Error that starts with `who` where the model's classes are others.
void order_classes(Model& model, const LabelSet& wanted, const std::string& who);

}  // namespace fer
