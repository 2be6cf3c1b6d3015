// Which values of a network may be kept as 8-bit integers, and their scales.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "fer/graph/graph.h"

namespace fer::graph {

// A dense layer, or a convolution that is not depthwise: the layers that are faster in 8 bits.
struct Product {
  ValueId from = kInput;
  std::string name = {};     // of the layer
  float input_scale = 0.0F;  // of the layer
};
std::vector<Product> products_of(const Graph& graph);

// The scale of one output's weights in whole numbers: the largest of `weights` becomes 127 or -127.
// 1 where all are zero.
float weight_step(std::span<const float> weights);
// The whole number from -127 to 127 that is nearest to weight / step, ties to even.
std::int32_t eight_bit_weight(float weight, float step);

// This many products of -127 to 127 with 0 to 255 add up to less than 2^30.
inline constexpr std::int64_t kMostProductsOfSum = 33'155;

// For each value, whether all nodes that make or read it can do so in whole numbers from 0 to 255,
// and a Product is among the readers. Such a value is a map behind a ReLU: 0 stands for 0, and no
// number is negative. Vectors, the network's outputs, and inputs and outputs of depthwise
// convolutions never are such values. `shapes`: of shapes_of.
std::vector<bool> eight_bit_values(const Graph& graph, const std::vector<Shape>& shapes);

// For each value the difference that one step of its whole numbers stands for: the largest
// input_scale of the products that read it. 0 for a value that stays in floats: one that is not
// among eight_bit_values, or that a product without a scale reads.
std::vector<float> eight_bit_scales(const Graph& graph, const std::vector<Shape>& shapes);

// Sets input_scale of the products that `scales` names. @throws fer::Error for a name that no
// product has.
void set_input_scales(Graph& graph, const std::map<std::string, double>& scales);

}  // namespace fer::graph
