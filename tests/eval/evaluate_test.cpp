#include "fer/eval/evaluate.h"

#include <ATen/ATen.h>
#include <torch/utils.h>

#include <cmath>
#include <vector>

#include "fer/core/error.h"
#include "fer/tensors/safetensors.h"
#include "support/catch.h"
#include "support/models.h"
#include "support/python.h"
#include "support/rank_threads.h"
#include "support/temporary_folder.h"

namespace fer::eval {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;

TEST_CASE("the report counts what the model says against the truth", "[eval][unit]") {
  // Hand-worked: 4 of 6 right; class 0 is recalled 2 of 3, class 1 1 of 2, class 2 1 of 1.
  const LabelSet labels({"a", "b", "c"});
  const auto [net, model] = test::pixel_model(labels);
  const data::FaceSet set =
      test::set_of(test::faces_taken_for({0, 0, 1, 1, 2, 2}), {0, 0, 0, 1, 1, 2}, labels);
  const Evaluation evaluation = evaluate(model, set, 4);
  const metrics::ClassificationReport& report = evaluation.report;
  CHECK(report.n == 6);
  CHECK(std::abs(report.accuracy - 4.0 / 6.0) < 1e-12);
  CHECK(std::abs(report.balanced_accuracy - (2.0 / 3.0 + 0.5 + 1.0) / 3.0) < 1e-12);
  CHECK(report.confusion.count(0, 1) == 1);  // truth a, taken for b
  CHECK(report.confusion.count(1, 0) == 0);
  CHECK(report.confusion.count(1, 2) == 1);
  // Logits are 2 for the predicted class and -2 for the two others; 4 predictions are right.
  const double sum = std::exp(2.0) + 2.0 * std::exp(-2.0);
  const double nll = -(4.0 * std::log(std::exp(2.0) / sum) + 2.0 * std::log(std::exp(-2.0) / sum));
  CHECK(std::abs(report.nll - nll / 6.0) < 1e-6);
  CHECK(evaluation.seconds > 0.0);
  CHECK(at::equal(evaluation.probabilities.argmax(1), at::tensor({0, 0, 1, 1, 2, 2}, at::kLong)));
}

// Noise faces, for which PixelClassifier gives uneven probabilities, and truths that it predicts
// more often than by chance; class 5 is never true.
data::FaceSet noisy_set(std::int64_t count) {
  torch::manual_seed(21);
  const at::Tensor images = at::randint(256, {count, kFaceSide, kFaceSide}, at::kInt).to(at::kByte);
  const at::Tensor said = images.select(1, 0).slice(1, 0, 7).argmax(1);
  const at::Tensor random = at::randint(7, {count}, at::kLong);
  const at::Tensor mixed = at::where(at::rand({count}).lt(0.6), said, random);
  data::FaceSet set = test::set_of(images, {});
  set.labels = at::where(mixed.eq(5), at::full_like(mixed, 2), mixed);
  return set;
}

TEST_CASE("all scores of an evaluation equal scikit-learn's", "[eval][integration]") {
  FER_NEED_PYTHON("numpy", "sklearn", "safetensors");
  const test::TemporaryFolder folder;
  const data::FaceSet set = noisy_set(500);
  const auto [net, model] = test::pixel_model();
  const Evaluation evaluation = evaluate(model, set, 64);
  tensors::write_safetensors(
      folder / "in.safetensors",
      {.metadata = {},
       .tensors = {{"probabilities", evaluation.probabilities}, {"truths", set.labels}}});
  test::run_python("evaluation_reference.py",
                   {folder / "in.safetensors", folder / "out.safetensors"});
  const auto reference = tensors::read_safetensors(folder / "out.safetensors").tensors;

  const metrics::ClassificationReport& report = evaluation.report;
  const auto close = [&](const char* name, double value) {
    CAPTURE(name);
    CHECK(std::abs(reference.at(name)[0].item<double>() - value) < 1e-9);
  };
  close("accuracy", report.accuracy);
  close("balanced_accuracy", report.balanced_accuracy);
  close("macro_f1", report.macro_f1);
  CHECK(std::abs(reference.at("nll")[0].item<double>() - report.nll) < 1e-6);
  CHECK(report.accuracy > 0.4);
  CHECK(report.accuracy < 0.9);
  for (std::int64_t c = 0; c < 7; ++c) {
    CAPTURE(c);
    const metrics::ClassScores& scores = report.per_class[static_cast<std::size_t>(c)];
    CHECK(std::abs(reference.at("precision")[c].item<double>() - scores.precision) < 1e-12);
    CHECK(std::abs(reference.at("recall")[c].item<double>() - scores.recall) < 1e-12);
    CHECK(std::abs(reference.at("f1")[c].item<double>() - scores.f1) < 1e-12);
    CHECK(reference.at("support")[c].item<std::int64_t>() == scores.support);
    for (std::int64_t said = 0; said < 7; ++said) {
      CHECK(reference.at("confusion")[c][said].item<std::int64_t>() ==
            report.confusion.count(static_cast<std::size_t>(c), static_cast<std::size_t>(said)));
    }
  }
  CHECK(report.per_class[5].support == 0);
}

TEST_CASE("Several ranks come to the bits of one, each with whole batches of its own",
          "[eval][unit]") {
  const auto [net, model] = test::pixel_model(LabelSet());
  const data::FaceSet set = noisy_set(23);
  const nn::Ensemble ensemble({model});
  const Evaluation alone = evaluate(ensemble, set, 4, infer::Tta::flip);
  for (const int ranks : {2, 3, 8}) {  // 6 batches
    CAPTURE(ranks);
    std::vector<Evaluation> found(static_cast<std::size_t>(ranks));
    test::run_as_ranks(ranks, [&](ranks::Ranks& own) {
      found[static_cast<std::size_t>(own.rank())] =
          evaluate(ensemble, set, 4, infer::Tta::flip, own);
    });
    for (const Evaluation& evaluation : found) {
      CHECK(at::equal(evaluation.probabilities, alone.probabilities));
      CHECK(evaluation.report.accuracy == alone.report.accuracy);
    }
  }
}

TEST_CASE("a model of other classes than the set's is an error that lists both", "[eval][unit]") {
  const auto [net, model] = test::pixel_model(LabelSet({"glad", "mad"}));
  const data::FaceSet set =
      test::set_of(test::faces_taken_for({0, 1}), {0, 1}, LabelSet({"mad", "glad"}));
  CHECK_THROWS_MATCHES(
      evaluate(model, set, 8), Error,
      MessageMatches(ContainsSubstring("planted") && ContainsSubstring("mad, glad") &&
                     ContainsSubstring("glad, mad")));
}

TEST_CASE("an empty set is an error that names it", "[eval][unit]") {
  const auto [net, model] = test::pixel_model();
  const data::FaceSet set = test::set_of(at::empty({0, kFaceSide, kFaceSide}, at::kByte), {});
  CHECK_THROWS_MATCHES(evaluate(model, set, 8), Error,
                       MessageMatches(ContainsSubstring("planted: holds no images")));
}

}  // namespace
}  // namespace fer::eval
