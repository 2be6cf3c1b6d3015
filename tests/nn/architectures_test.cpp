#include "fer/nn/architectures.h"

#include <ATen/ATen.h>

#include <set>

#include "fer/core/error.h"
#include "fer/core/face.h"
#include "support/catch.h"

namespace fer {
namespace {

TEST_CASE("every network of the table turns faces into a row of logits each", "[nn][unit]") {
  for (const Architecture& architecture : architectures()) {
    CAPTURE(architecture.name);
    for (const std::int64_t classes : {2, 7, 8}) {
      const auto net = make_classifier(architecture.name, classes);
      net->eval();
      const at::Tensor logits = net->forward(at::randn({3, 1, kFaceSide, kFaceSide}));
      CHECK(logits.sizes() == at::IntArrayRef({3, classes}));
      CHECK(logits.scalar_type() == at::kFloat);
    }
  }
}

TEST_CASE("networks have names of their own and a line for people", "[nn][unit]") {
  std::set<std::string> names;
  for (const Architecture& architecture : architectures()) {
    CHECK(names.insert(architecture.name).second);
    CHECK_FALSE(architecture.summary.empty());
  }
  CHECK(names.contains("seed-cnn"));
}

TEST_CASE("a network that is not in the table is an error that lists those that are",
          "[nn][unit]") {
  using Catch::Matchers::ContainsSubstring;
  CHECK_THROWS_MATCHES(make_classifier("resnet-1000", 7), Error,
                       Catch::Matchers::MessageMatches(ContainsSubstring("resnet-1000") &&
                                                       ContainsSubstring("seed-cnn")));
}

}  // namespace
}  // namespace fer
