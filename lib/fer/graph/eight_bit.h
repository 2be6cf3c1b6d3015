// Which values of a network may be kept as 8-bit integers, and what their steps are worth.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "fer/graph/graph.h"

namespace fer::graph {

// A layer that multiplies what it reads with weights, each number with each output's: a dense
// layer, or a convolution that is not depthwise. Where 8 bits pay.
struct Product {
  ValueId from = kInput;
  std::string name = {};     // of the layer
  float input_scale = 0.0F;  // of the layer
};
std::vector<Product> products_of(const Graph& graph);

// What one step of an output's whole-number weights is worth, for these, which are all of the
// output's: the largest is 127 or -127. 1 where all are zero.
float weight_step(std::span<const float> weights);
// The whole number from -127 to 127 that is nearest to weight / step, ties to even.
std::int32_t eight_bit_weight(float weight, float step);

// So many products of -127 to 127 and 0 to 255 add up to less than 2^30.
inline constexpr std::int64_t kMostProductsOfSum = 33'155;

// Whether all that makes or reads a value can do so in whole numbers from 0 to 255, and a Product
// reads it. Such a value is a map behind a ReLU: 0 is 0 and no number is below. None are vectors,
// results of the network, and what depthwise convolutions read or make. An entry a value; `shapes`
// as by shapes_of.
std::vector<bool> eight_bit_values(const Graph& graph, const std::vector<Shape>& shapes);

// For each value what one step of its whole numbers is worth, as the products that read it say; 0
// where it stays as floats: it is none of eight_bit_values, or one of them says nothing. Where two
// differ it is the larger.
std::vector<float> eight_bit_scales(const Graph& graph, const std::vector<Shape>& shapes);

// Sets the products' input_scale by their names. @throws fer::Error for a name that is none of
// theirs.
void set_input_scales(Graph& graph, const std::map<std::string, double>& scales);

}  // namespace fer::graph
