#include "fer/train/transfer.h"

#include <ATen/ATen.h>

#include "fer/core/error.h"
#include "support/catch.h"
#include "support/models.h"

namespace fer {
namespace {

using Catch::Matchers::ContainsSubstring;

Model model_with(const std::vector<std::string>& classes, std::uint64_t seed) {
  return test::fresh_model(seed, LabelSet(classes));
}

at::Tensor weight(const Model& model, const char* name) {
  return named_weights(*model.net).at(name);
}

TEST_CASE("With the same classes everything is taken over, normalisation too", "[train][unit]") {
  Model from = test::fresh_model(1);
  from.info.input.mean = 0.25;
  Model to = test::fresh_model(2);
  CHECK_THAT(transfer_weights(from, to), ContainsSubstring("taken over too"));
  for (const auto& [name, tensor] : named_weights(*from.net)) {
    CAPTURE(name);
    CHECK(at::equal(tensor, weight(to, name.c_str())));
  }
  CHECK(to.info.input.mean == 0.25);
}

TEST_CASE("Classes both models have keep their rows wherever they stand; new ones start anew",
          "[train][unit]") {
  const Model from = model_with({"happy", "sad", "angry"}, 1);
  Model to = model_with({"angry", "proud", "happy"}, 2);
  const at::Tensor fresh = weight(to, "logits.weight").detach().clone();
  const std::string said = transfer_weights(from, to);
  CHECK_THAT(said, ContainsSubstring("angry, proud, happy"));
  CHECK_THAT(said, ContainsSubstring("taken over for angry, happy"));
  const at::Tensor head = weight(to, "logits.weight");
  CHECK(at::equal(head[0], weight(from, "logits.weight")[2]));
  CHECK(at::equal(head[1], fresh[1]));
  CHECK(at::equal(head[2], weight(from, "logits.weight")[0]));
  CHECK(at::equal(weight(to, "conv2.weight"), weight(from, "conv2.weight")));
}

TEST_CASE("Weights do not fit another network", "[train][unit]") {
  const Model from = test::fresh_model(1);
  Model to = test::fresh_model(2);
  to.info.architecture = "nano";
  to.net = make_classifier("nano", 7);
  CHECK_THROWS_MATCHES(transfer_weights(from, to), Error,
                       Catch::Matchers::MessageMatches(ContainsSubstring("--init-from") &&
                                                       ContainsSubstring("seed-cnn") &&
                                                       ContainsSubstring("nano")));
}

}  // namespace
}  // namespace fer
