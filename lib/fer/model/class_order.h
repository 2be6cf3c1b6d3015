// Brings the classes of a model into another order.
#pragma once

#include <string>
#include <string_view>

#include "fer/model/model_file.h"

namespace fer::model {

// The name of the last layer in every network of the table; its tensors have one row per class.
// --body-lr does not apply to it, and it is replaced where a model starts from one with other
// classes.
inline constexpr std::string_view kHead = "logits.";

// Renames and reorders the classes of a model as in `wanted`, by moving the rows of its last layer
// in place. Classes are matched by name, in any usual spelling.
// @throws fer::Error that starts with `who` where the model's classes are others.
void order_classes(Model& model, const LabelSet& wanted, const std::string& who);

}  // namespace fer::model
