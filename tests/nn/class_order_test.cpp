#include "fer/nn/class_order.h"

#include "fer/core/error.h"
#include "fer/nn/frozen_model.h"
#include "support/catch.h"
#include "support/models.h"

namespace fer::nn {
namespace {

using Catch::Matchers::Equals;
using Catch::Matchers::MessageMatches;

Model model_of(const std::string& architecture) {
  Model model = test::fresh_model(3, LabelSet({"anger", "b", "c"}));
  model.info.architecture = architecture;
  model.net = make_classifier(architecture, 3);
  model.net->eval();
  return model;
}

TEST_CASE("A model in another order says the same of each class", "[nn][unit]") {
  const at::Tensor faces = at::randint(256, {3, 48, 48}, at::kByte);
  for (const char* architecture : {"seed-cnn", "mini-xception", "nano"}) {
    CAPTURE(architecture);
    Model model = model_of(architecture);
    const at::Tensor before = predict_probabilities(model, faces, 3);
    order_classes(model, LabelSet({"c", "angry", "b"}), "m");
    CHECK(model.info.labels.names() == std::vector<std::string>{"c", "angry", "b"});
    const at::Tensor after = predict_probabilities(model, faces, 3);
    CHECK(at::allclose(after, before.index_select(1, at::tensor({2, 0, 1}, at::kLong))));
  }
}

TEST_CASE("A model of other classes is refused and left as it is", "[nn][unit]") {
  Model model = model_of("seed-cnn");
  using Names = std::vector<std::string>;
  for (const Names& other : {Names{"anger", "b"}, Names{"anger", "b", "d"},
                             Names{"anger", "b", "c", "d"}, Names{"anger", "angry", "b"}}) {
    CAPTURE(other);
    const at::Tensor before = named_weights(*model.net).at("logits.weight").clone();
    CHECK_THROWS_AS(order_classes(model, LabelSet(other), "m"), Error);
    CHECK(at::equal(named_weights(*model.net).at("logits.weight"), before));
  }
  CHECK_THROWS_MATCHES(order_classes(model, LabelSet({"x", "y"}), "--compare m.safetensors"), Error,
                       MessageMatches(Equals("--compare m.safetensors: knows the classes anger, b, "
                                             "c; needed are, in any order, x, y")));
}

}  // namespace
}  // namespace fer::nn
