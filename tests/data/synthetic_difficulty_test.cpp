// The synthetic faces are hard: a linear model must fail on them. (The training tests show that the
// convolutional network learns them.)
#include <ATen/Functions.h>
#include <torch/optim/lbfgs.h>

#include <algorithm>
#include <cstdint>

#include "fer/data/synthetic_set.h"
#include "support/catch.h"

namespace fer::data {
namespace {

struct Standardised {
  at::Tensor features;  // float [N,2304], mean 0 and deviation 1 in each pixel of the training set
  at::Tensor labels;    // int64 [N]
};

struct Problem {
  Standardised train;
  Standardised test;
};

Problem make_problem(std::int64_t count) {
  const FaceSet set = make_synthetic_set(count, 2);
  const FaceSet train = set.only(Split::train);
  const FaceSet test = set.only(Split::test);
  const at::Tensor pixels = train.images.all().flatten(1).to(at::kFloat);
  const at::Tensor mean = pixels.mean(0);
  const at::Tensor deviation = pixels.std(0).clamp_min(1.0);
  const auto standardise = [&](const FaceSet& part) {
    return (part.images.all().flatten(1).to(at::kFloat) - mean) / deviation;
  };
  return {{standardise(train), train.labels}, {standardise(test), test.labels}};
}

double accuracy(const at::Tensor& logits, const at::Tensor& labels) {
  return logits.argmax(1).eq(labels).to(at::kDouble).mean().item<double>();
}

struct Accuracies {
  double train;
  double test;
};

// Softmax regression by L-BFGS over the whole training set, with a penalty on the weights' squares.
Accuracies fit_linear_model(const Problem& problem, double penalty) {
  const std::int64_t features = problem.train.features.size(1);
  at::Tensor weights = at::zeros({features, 7}).requires_grad_();
  at::Tensor bias = at::zeros({7}).requires_grad_();
  torch::optim::LBFGS optimizer(
      {weights, bias}, torch::optim::LBFGSOptions(1).max_iter(40).line_search_fn("strong_wolfe"));
  optimizer.step([&] {
    optimizer.zero_grad();
    const at::Tensor logits = at::addmm(bias, problem.train.features, weights);
    at::Tensor loss =
        at::cross_entropy_loss(logits, problem.train.labels) + weights.square().sum() * penalty;
    loss.backward();
    return loss;
  });
  const at::NoGradGuard no_gradients;
  return {accuracy(at::addmm(bias, problem.train.features, weights), problem.train.labels),
          accuracy(at::addmm(bias, problem.test.features, weights), problem.test.labels)};
}

TEST_CASE("A linear model fails on the synthetic faces, whatever its penalty",
          "[data][integration]") {
  const Problem problem = make_problem(4200);
  double best = 0;
  for (const double penalty : {0.03, 0.3}) {
    const Accuracies reached = fit_linear_model(problem, penalty);
    CAPTURE(penalty, reached.train, reached.test);
    // It fits its training set, so that its errors come from the faces and not from the optimiser.
    CHECK(reached.train > 0.35);
    CHECK(reached.test < 0.55);
    best = std::max(best, reached.test);
  }
  CHECK(best > 2.0 / 7.0);  // the classes do differ for it, too
}

}  // namespace
}  // namespace fer::data
