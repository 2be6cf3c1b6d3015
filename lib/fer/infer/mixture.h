// Several models as one: the weighted mean of their probabilities.
#pragma once

#include <cstddef>
#include <vector>

namespace fer::infer {

// The weight of each model divided by their sum; no weights mean equal ones. @throws fer::Error for
// no models, another number of weights, a weight that is negative or not finite, and weights that
// are all 0.
std::vector<double> mixture_shares(std::vector<double> weights, std::size_t models);

}  // namespace fer::infer
