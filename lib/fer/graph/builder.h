// Makes the layers of an architecture out of named weights. Its errors name the model file.
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

// A convolution as an architecture asks for it; the weights are NAME.weight and, where it has one,
// NAME.bias.
struct ConvSpec {
  std::string name;
  std::int64_t inputs = 1, outputs = 1;
  std::int64_t kernel = 3, stride = 1, padding = 1, groups = 1;
  bool bias = false;
  std::string norm = {};  // folded into it; empty: none
  Activation activation = Activation::none;
  ValueId add = kNone;
};

class Builder {
 public:
  // Both are used until the graph is taken. `faces`: what the network takes.
  Builder(const Weights& weights, const std::string& origin, const FaceFormat& faces = {})
      : weights_(weights), origin_(origin), faces_(faces) {
    graph_.channels = faces.channels();
  }

  const FaceFormat& faces() const { return faces_; }

  // Each returns the value it makes. @throws fer::Error for a tensor that is missing, of another
  // shape, or with numbers that are not finite.
  ValueId conv(ValueId from, const ConvSpec& spec);
  ValueId norm_relu(ValueId from, const std::string& name, std::int64_t channels);
  // `inputs`: channels, height and width of `from`.
  ValueId linear(ValueId from, const std::string& name, Shape inputs, std::int64_t outputs,
                 Activation activation);
  ValueId gate(ValueId from, ValueId gate, ValueId add, Activation activation);
  ValueId max_pool(ValueId from, std::int64_t kernel, std::int64_t stride, std::int64_t padding);
  // A mean of 2x2 pixels; the last ones of an odd side are a mean of fewer.
  ValueId average_pool(ValueId from);
  // blur_pool of nn/layers.h: two means of two make a triangle of three.
  ValueId blur_pool(ValueId from);
  ValueId mean(ValueId from);

  // @throws fer::Error for a tensor that no layer has taken.
  Graph take(ValueId output);

 private:
  const std::vector<float>& tensor(const std::string& name, const std::vector<std::int64_t>& shape);

  // y = x * scale + shift is what a normalisation does when it is used. In double: the fold must
  // not cost more precision than the layers it replaces.
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
