#include "fer/train/transfer.h"

#include <ATen/ATen.h>

#include <cstdint>
#include <string>
#include <vector>

#include "fer/core/error.h"
#include "fer/nn/architectures.h"
#include "support/catch.h"
#include "support/models.h"

namespace fer::train {
namespace {

using Catch::Matchers::ContainsSubstring;

nn::Model model_with(const std::vector<std::string>& classes, std::uint64_t seed) {
  return test::fresh_model(seed, LabelSet(classes));
}

at::Tensor weight(const nn::Model& model, const char* name) {
  return nn::named_weights(*model.net).at(name);
}

TEST_CASE("With the same classes everything is taken over, normalisation too", "[train][unit]") {
  nn::Model from = test::fresh_model(1);
  from.info.input.mean = 0.25;
  nn::Model to = test::fresh_model(2);
  CHECK_THAT(transfer_weights(from, to), ContainsSubstring("taken over too"));
  for (const auto& [name, tensor] : nn::named_weights(*from.net)) {
    CAPTURE(name);
    CHECK(at::equal(tensor, weight(to, name.c_str())));
  }
  CHECK(to.info.input.mean == 0.25);
}

TEST_CASE("Classes both models have keep their rows wherever they stand; new ones start anew",
          "[train][unit]") {
  const nn::Model from = model_with({"happy", "sad", "angry"}, 1);
  nn::Model to = model_with({"angry", "proud", "happy"}, 2);
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

TEST_CASE("A class under another of its usual spellings is the same class", "[train][unit]") {
  const nn::Model from = model_with({"Anger", "sad", "happiness"}, 1);
  nn::Model to = model_with({"happy", "proud", "angry"}, 2);
  CHECK_THAT(transfer_weights(from, to), ContainsSubstring("taken over for happy, angry"));
  for (const char* name : {"logits.weight", "logits.bias"}) {
    CHECK(at::equal(weight(to, name)[0], weight(from, name)[2]));
    CHECK(at::equal(weight(to, name)[2], weight(from, name)[0]));
  }
}

TEST_CASE("A model has seen what it was made from has seen", "[train][unit]") {
  nn::Model from = test::fresh_model(1);
  nn::Model to = test::fresh_model(2);
  from.info.training.image_hashes = {1, 4, 9};
  to.info.training.image_hashes = {2, 4};
  from.info.training.selection_hashes = {7};
  to.info.training.selection_hashes = {5, 7};
  transfer_weights(from, to);
  CHECK(to.info.training.image_hashes == std::vector<std::uint64_t>{1, 2, 4, 9});
  CHECK(to.info.training.selection_hashes == std::vector<std::uint64_t>{5, 7});
  // Nothing is known about the training images of the first model, so nothing can be known about
  // those of a model made from it.
  from.info.training.image_hashes = {};
  transfer_weights(from, to);
  CHECK(to.info.training.image_hashes.empty());
}

nn::Model nano_with(const graph::NetOptions& options, std::uint64_t seed) {
  nn::Model model = test::fresh_model(seed);
  model.info.architecture = "nano";
  model.info.net = options;
  model.net = nn::make_classifier("nano", 7, options);
  return model;
}

TEST_CASE("Another dropout or drop path is no hindrance, another stem is", "[train][unit]") {
  const nn::Model from = nano_with({}, 1);
  graph::NetOptions regular;
  regular.dropout = 0.3;
  regular.drop_path = 0.2;
  nn::Model to = nano_with(regular, 2);
  CHECK_THAT(transfer_weights(from, to), ContainsSubstring("taken over too"));
  CHECK(at::equal(weight(to, "stem.weight"), weight(from, "stem.weight")));
  CHECK(to.info.net == regular);
  graph::NetOptions fine;
  fine.stem_stride = 1;
  nn::Model other = nano_with(fine, 3);
  CHECK_THROWS_MATCHES(transfer_weights(from, other), Error,
                       Catch::Matchers::MessageMatches(ContainsSubstring("\"init_from\"") &&
                                                       ContainsSubstring("network options")));
}

TEST_CASE("Weights do not fit another network", "[train][unit]") {
  const nn::Model from = test::fresh_model(1);
  nn::Model to = test::fresh_model(2);
  to.info.architecture = "nano";
  to.net = nn::make_classifier("nano", 7);
  CHECK_THROWS_MATCHES(
      transfer_weights(from, to), Error,
      Catch::Matchers::MessageMatches(ContainsSubstring("\"init_from\"") &&
                                      ContainsSubstring("seed-cnn") && ContainsSubstring("nano")));
}

}  // namespace
}  // namespace fer::train
