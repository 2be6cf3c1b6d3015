// Parts of a network that training leaves alone.
#pragma once

#include <string>
#include <vector>

#include "fer/nn/classifier.h"

namespace fer::train {

// Takes the gradient from every parameter whose name one of the patterns matches ('*' stands for
// any letters). @return their number of elements. @throws fer::Error for a pattern that matches
// nothing, with the first words of the names there are.
std::int64_t freeze_parameters(nn::Classifier& net, const std::vector<std::string>& patterns);

// Puts the network into training mode, all but normalisations whose weights are frozen: their
// statistics belong to the weights and must stay too.
void train_mode(nn::Classifier& net);

}  // namespace fer::train
