// Starting from another model's weights.
#pragma once

#include <string>
#include <vector>

#include "fer/nn/model.h"

namespace fer::train {

// Copies `from`'s weights into `to`, a network of the same architecture: all of them where the
// classes are the same; else the body, and of the last layer the rows of classes both have by name,
// whatever their order or spelling (LabelSet::find). Takes over how images are normalised, and adds
// the images `from` was trained on to those `to` has seen (none are known where `from` does not
// know). @return a sentence on what was done with the last layer. @throws fer::Error naming both
// where the networks differ.
std::string transfer_weights(const nn::Model& from, nn::Model& to);

}  // namespace fer::train
