#include "fer/graph/activation.h"

#include <algorithm>
#include <cmath>

namespace fer::graph {

namespace {

float sigmoid(float value) { return 1.0F / (1.0F + std::exp(-value)); }

float hard_sigmoid(float value) { return std::clamp(value / 6.0F + 0.5F, 0.0F, 1.0F); }

}  // namespace

float activated(Activation activation, float x) {
  switch (activation) {
    case Activation::none:
      return x;
    case Activation::relu:
      return std::max(x, 0.0F);
    case Activation::sigmoid:
      return sigmoid(x);
    case Activation::relu6:
      return std::clamp(x, 0.0F, 6.0F);
    case Activation::hard_sigmoid:
      return hard_sigmoid(x);
    case Activation::hard_swish:
      return x * hard_sigmoid(x);
    case Activation::swish:
      return x * sigmoid(x);
  }
  return x;
}

float slope_of(Activation activation, float x) {
  const float open = sigmoid(x);
  switch (activation) {
    case Activation::none:
      return 1.0F;
    case Activation::relu:
      return x > 0.0F ? 1.0F : 0.0F;
    case Activation::sigmoid:
      return open * (1.0F - open);
    case Activation::relu6:
      return x > 0.0F && x <= 6.0F ? 1.0F : 0.0F;
    case Activation::hard_sigmoid:
      return x > -3.0F && x <= 3.0F ? 1.0F / 6.0F : 0.0F;
    case Activation::hard_swish:
      return x <= -3.0F ? 0.0F : x > 3.0F ? 1.0F : x / 3.0F + 0.5F;
    case Activation::swish:
      return open + x * open * (1.0F - open);
  }
  return 1.0F;
}

}  // namespace fer::graph
