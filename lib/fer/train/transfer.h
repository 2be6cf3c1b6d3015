// Starts training from another model's weights.
#pragma once

#include <string>
#include <vector>

#include "fer/nn/model.h"

namespace fer::train {

// Copies the weights of `from` into `to`, a network of the same architecture: all of them if the
// classes are equal; otherwise the body, and the rows of the last layer for classes that both have,
// in any order or spelling (LabelSet::find). Also copies the normalisation, and adds the training
// images of `from` to those that `to` has seen (which become unknown if `from` does not list them).
// @return a sentence about the last layer. @throws fer::Error naming both networks if they differ.
std::string transfer_weights(const nn::Model& from, nn::Model& to);

}  // namespace fer::train
