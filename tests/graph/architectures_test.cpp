#include "fer/graph/architectures.h"

#include <limits>
#include <string>

#include "fer/core/error.h"
#include "fer/model/model_info.h"
#include "support/catch.h"

namespace fer::graph {
namespace {

using Catch::Matchers::ContainsSubstring;

Weights seed_weights() {
  const SafetensorsFile file(std::string(FER_SOURCE_DIR) + "/models/seed-cnn.safetensors");
  return weights_of(file);
}

std::string error_of(const Weights& weights, const std::string& architecture = "seed-cnn",
                     const graph::NetOptions& options = {}) {
  try {
    graph_of(architecture, 7, options, weights, "some/file");
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

TEST_CASE("A graph has its model's layers and one output", "[graph][unit]") {
  const Graph net = graph_of("seed-cnn", 7, {}, seed_weights(), "file");
  CHECK(net.nodes.size() == 8);
  REQUIRE(net.outputs.size() == 1);
  CHECK(shapes_of(net, 48, 48)[net.outputs[0]] == Shape{7, 1, 1});
}

TEST_CASE("Weights that do not fit their architecture are errors that name file and tensor",
          "[graph][unit]") {
  const Weights good = seed_weights();
  REQUIRE(error_of(good) == "none");

  Weights weights = good;
  weights.erase("conv2.bias");
  CHECK(error_of(weights) == "some/file: has no tensor 'conv2.bias'");
  weights = good;
  weights["more"] = {{1}, {1.0F}};
  CHECK_THAT(error_of(weights), ContainsSubstring("'more' is none of the network's"));
  weights = good;
  weights["conv2.bias"] = {{63}, std::vector<float>(63)};
  CHECK_THAT(error_of(weights), ContainsSubstring("'conv2.bias' is Float [63]; the network needs "
                                                  "Float [64]"));
  weights = good;
  weights["conv2.bias"].values.clear();  // of another type
  CHECK_THAT(error_of(weights), ContainsSubstring("no floats"));
  weights = good;
  weights["conv2.bias"].values[5] = std::numeric_limits<float>::infinity();
  CHECK_THAT(error_of(weights), ContainsSubstring("not finite"));

  CHECK_THAT(error_of(good, "vgg-1000"),
             ContainsSubstring("unknown architecture") && ContainsSubstring("mini-xception"));
  graph::NetOptions wide;
  wide.width = 2.0;
  CHECK_THAT(error_of(good, "seed-cnn", wide), ContainsSubstring("has no option 'width'"));
}

}  // namespace
}  // namespace fer::graph
