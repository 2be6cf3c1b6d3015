#include "fer/graph/net_cost.h"

#include "fer/graph/architectures.h"
#include "fer/model/model_info.h"
#include "support/catch.h"

namespace fer::graph {
namespace {

NetCost cost_of_file(const std::string& name) {
  const SafetensorsFile file(std::string(FER_SOURCE_DIR) + "/models/" + name + ".safetensors");
  const model::ModelInfo info = model::read_model_info(file);
  const Weights weights = weights_of(file);
  return cost_of(graph_of(info.architecture, 7, info.net, weights, name), weights, 48, 48);
}

TEST_CASE("What a face costs seed-cnn is what one works out by hand", "[graph][unit]") {
  const NetCost cost = cost_of_file("seed-cnn");
  CHECK(cost.parameters == 683'527);
  // Positions times filter length times filters of each convolution, then the two dense layers.
  CHECK(cost.multiply_adds ==
        48 * 48 * 9 * 32 + 24 * 24 * 288 * 64 + 12 * 12 * 576 * 128 + 4608 * 128 + 128 * 7);
  CHECK(cost.activations == 48 * 48 * 32 + 24 * 24 * 64 + 12 * 12 * 128 + 128 + 7);
}

TEST_CASE("Trained numbers are counted without running statistics", "[graph][unit]") {
  CHECK(cost_of_file("nano").parameters == 690'799);  // as PyTorch counts them
}

}  // namespace
}  // namespace fer::graph
