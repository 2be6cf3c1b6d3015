// Makes the layers of an architecture from named weights. Errors name the model file.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fer/core/face.h"
#include "fer/graph/graph.h"
#include "fer/graph/weights.h"

namespace fer::graph {

// The parameters of a convolution. Its weights are NAME.weight and, with a bias, NAME.bias.
struct ConvSpec {
  std::string name;
  std::int64_t inputs = 1, outputs = 1;
  std::int64_t kernel = 3, stride = 1, padding = 1, groups = 1;
  bool bias = false;
  std::string norm = {};  // normalisation that is folded into it; empty: none
  Activation activation = Activation::none;
  ValueId add = kNone;
};

class Builder {
 public:
  // `weights` and `origin` must live until take(). `faces`: the network's input.
  Builder(const Weights& weights, const std::string& origin, const FaceFormat& faces = {})
      : weights_(weights), origin_(origin), faces_(faces) {
    graph_.channels = faces.channels();
  }

  const FaceFormat& faces() const { return faces_; }

  // Each function returns the value that it makes. @throws fer::Error for a tensor that is missing,
  // of another shape, or with numbers that are not finite.
  ValueId conv(ValueId from, const ConvSpec& spec);
  ValueId norm_relu(ValueId from, const std::string& name, std::int64_t channels);
  // `inputs`: channels, height and width of `from`.
  ValueId linear(ValueId from, const std::string& name, Shape inputs, std::int64_t outputs,
                 Activation activation);
  ValueId gate(ValueId from, ValueId gate, ValueId add, Activation activation);
  ValueId max_pool(ValueId from, std::int64_t kernel, std::int64_t stride, std::int64_t padding);
  // Means of 2x2 pixels; at the end of an odd side, of fewer.
  ValueId average_pool(ValueId from);
  // blur_pool of nn/layers.h: two means of two pixels make a triangle of three.
  ValueId blur_pool(ValueId from);
  ValueId mean(ValueId from);

  // @throws fer::Error for a tensor that no layer has used.
  Graph take(ValueId output);

 private:
  const std::vector<float>& tensor(const std::string& name, const std::vector<std::int64_t>& shape);

  // A trained normalisation as y = x * scale + shift, in double, so that folding it loses no more
  // precision than the layers that it replaces.
  struct Affines {
    std::vector<double> scale, shift;
  };
  Affines norm(const std::string& name, std::int64_t channels);

  const Weights& weights_;
  const std::string& origin_;
  FaceFormat faces_;
  std::set<std::string> taken_;
  Graph graph_;
};

}  // namespace fer::graph
