// Reorders the classes of a model.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fer/core/label_set.h"
#include "fer/model/model_file.h"

namespace fer::model {

// The name of the last layer in every network of the table; its tensors have one row per class.
// `body_lr` does not apply to it, and a model that starts from one with other classes gets a new
// one.
inline constexpr std::string_view kHead = "logits.";

// For each class of `wanted`, its row in a model with these labels. Classes are matched by name, in
// any usual spelling. @throws fer::Error that starts with `who` for other classes.
std::vector<std::int64_t> rows_in_order(const LabelSet& wanted, const LabelSet& labels,
                                        const std::string& who);

// Renames and reorders the classes of a model as in `wanted`, by moving the rows of its last layer,
// or by adding a layer to an imported network. @throws fer::Error as rows_in_order does, and if the
// last layer does not have a row for each class.
void order_classes(Model& model, const LabelSet& wanted, const std::string& who);

}  // namespace fer::model
