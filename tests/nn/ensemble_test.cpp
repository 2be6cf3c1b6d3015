#include "fer/nn/ensemble.h"

#include <ATen/ATen.h>

#include <cmath>
#include <limits>
#include <vector>

#include "fer/core/error.h"
#include "fer/data/synthetic_set.h"
#include "support/catch.h"
#include "support/models.h"

namespace fer::nn {
namespace {

using test::largest_difference;
using Weights = std::vector<double>;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

at::Tensor few_faces() { return data::make_synthetic_set(70, 1).images.all().slice(0, 0, 9); }

TEST_CASE("an ensemble of one model says what the model says", "[nn][unit]") {
  const Model model = test::fresh_model();
  const at::Tensor alone = predict_probabilities(model, few_faces(), 4);
  CHECK(at::equal(Ensemble({model}).probabilities(few_faces(), 4), alone));
  CHECK(at::equal(Ensemble({model, model}, {0.3, 0.4}).probabilities(few_faces(), 4), alone));
}

TEST_CASE("an ensemble says the weighted mean of its models", "[nn][unit]") {
  const Model first = test::fresh_model(1), second = test::fresh_model(2);
  const at::Tensor a = predict_probabilities(first, few_faces(), 4);
  const at::Tensor b = predict_probabilities(second, few_faces(), 4);
  REQUIRE(largest_difference(a, b) > 1e-4);
  const Ensemble equal({first, second});
  CHECK(equal.weights() == Weights{0.5, 0.5});
  CHECK(largest_difference(equal.probabilities(few_faces(), 4), (a + b) / 2.0) < 1e-6);
  const Ensemble weighted({first, second}, {3.0, 1.0});
  CHECK(weighted.weights() == Weights{0.75, 0.25});
  const at::Tensor said = weighted.probabilities(few_faces(), 4);
  CHECK(largest_difference(said, a * 0.75 + b * 0.25) < 1e-6);
  CHECK(said.scalar_type() == at::kFloat);
  CHECK((said.sum(1) - 1.0).abs().max().item<double>() < 1e-6);
}

TEST_CASE("each model of an ensemble normalises by its own measure", "[nn][unit]") {
  // By hand: the second model's logits are 4 and -4 where the first one's are 2 and -2.
  const Model first = test::pixel_model().model;
  Model second = test::pixel_model().model;
  second.info.input.deviation = first.info.input.deviation / 2.0;
  const at::Tensor row = Ensemble({first, second}).probabilities(test::faces_taken_for({3}), 1)[0];
  const double small = std::exp(2.0) / (std::exp(2.0) + 6.0 * std::exp(-2.0));
  const double large = std::exp(4.0) / (std::exp(4.0) + 6.0 * std::exp(-4.0));
  CHECK(std::abs(row[3].item<double>() - (small + large) / 2.0) < 1e-6);
}

TEST_CASE("test-time augmentation reaches every model of an ensemble", "[nn][unit]") {
  const Model first = test::fresh_model(1), second = test::fresh_model(2);
  const at::Tensor mean = (predict_probabilities(first, few_faces(), 4, infer::Tta::flip) +
                           predict_probabilities(second, few_faces(), 4, infer::Tta::flip)) /
                          2.0;
  const Ensemble both({first, second});
  CHECK(largest_difference(both.probabilities(few_faces(), 4, infer::Tta::flip), mean) < 1e-6);
  CHECK(largest_difference(both.probabilities(few_faces(), 4), mean) > 1e-6);
}

TEST_CASE("a model of weight 0 is not asked", "[nn][unit]") {
  const Model good = test::fresh_model();
  Model bad = test::fresh_model();
  {
    const at::NoGradGuard no_grad;
    for (at::Tensor& weight : bad.net->parameters()) weight.fill_(std::nan(""));
  }
  const Ensemble both({good, bad}, {2.0, 0.0});
  CHECK(at::equal(both.probabilities(few_faces(), 4), predict_probabilities(good, few_faces(), 4)));
}

TEST_CASE("huge and tiny weights keep their ratio", "[nn][unit]") {
  const Model model = test::fresh_model();
  CHECK(Ensemble({model, model}, {1.5e308, 1.5e308}).weights() == Weights{0.5, 0.5});
  CHECK(Ensemble({model, model}, {1e-320, 1e-320}).weights() == Weights{0.5, 0.5});
}

TEST_CASE("weights that are none are refused", "[nn][unit]") {
  const Model model = test::fresh_model();
  const Weights bad =
      GENERATE(Weights{1.0}, Weights{1.0, 1.0, 1.0}, Weights{1.0, -0.5}, Weights{0.0, 0.0},
               Weights{1.0, std::nan("")}, Weights{kInfinity, 1.0});
  CHECK_THROWS_AS(Ensemble({model, model}, bad), Error);
  CHECK_THROWS_AS(mean_probabilities({at::ones({1, 2}), at::ones({1, 2})}, bad), Error);
}

TEST_CASE("an ensemble of no models is refused", "[nn][unit]") {
  CHECK_THROWS_AS(Ensemble({}), Error);
  CHECK_THROWS_AS(mean_probabilities({}), Error);
}

TEST_CASE("models of other classes are refused, and both are named", "[nn][unit]") {
  using Catch::Matchers::ContainsSubstring;
  const Model seven = test::fresh_model();
  const Model eight = test::fresh_model(1, LabelSet::ferplus8());
  CHECK_THROWS_WITH(Ensemble({seven, seven, eight}), ContainsSubstring("angry, disgust, fear") &&
                                                         ContainsSubstring("model 3") &&
                                                         ContainsSubstring("fear, contempt"));
}

TEST_CASE("the same classes in another order are other classes", "[nn][unit]") {
  const Model model = test::fresh_model();
  std::vector<std::string> names = model.info.labels.names();
  std::swap(names[0], names[1]);
  CHECK_THROWS_AS(Ensemble({model, test::fresh_model(1, LabelSet(names))}), Error);
  CHECK(Ensemble({model}).labels() == model.info.labels);
}

TEST_CASE("probabilities that are known already are mixed alike", "[nn][unit]") {
  const at::Tensor a = at::tensor({0.5F, 0.5F, 1.0F, 0.0F}).view({2, 2});
  const at::Tensor b = at::tensor({0.0F, 1.0F, 0.5F, 0.5F}).view({2, 2});
  CHECK(
      at::equal(mean_probabilities({a, b}), at::tensor({0.25F, 0.75F, 0.75F, 0.25F}).view({2, 2})));
  CHECK(at::equal(mean_probabilities({a, b}, {0.0, 7.0}), b));
}

}  // namespace
}  // namespace fer::nn
