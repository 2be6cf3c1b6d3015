// Excludes parts of a network from training.
#pragma once

#include <string>
#include <vector>

#include "fer/nn/classifier.h"

namespace fer::train {

// Switches gradients off for every parameter whose name matches one of the patterns ('*' matches
// any text). @return the number of their elements. @throws fer::Error for a pattern that matches
// nothing, with the first words of all names.
std::int64_t freeze_parameters(nn::Classifier& net, const std::vector<std::string>& patterns);

// Puts the network into training mode, except normalisations with frozen weights, whose statistics
// belong to the weights and must stay, too.
void train_mode(nn::Classifier& net);

}  // namespace fer::train
