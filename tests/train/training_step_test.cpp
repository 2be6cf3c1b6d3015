#include "fer/train/training_step.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/utils.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "fer/data/synthetic_set.h"
#include "fer/nn/architectures.h"
#include "fer/nn/normalise.h"
#include "support/catch.h"
#include "support/models.h"
#include "support/threads.h"

namespace fer::train {
namespace {

using test::largest_difference;
using Weights = std::map<std::string, at::Tensor>;

constexpr double kRate = 0.1;

// Synthetic faces, whose classes come in turn.
Batch faces(std::int64_t first, std::int64_t count) {
  const data::FaceSet set = data::make_synthetic_set(70, 1);
  return {set.images.all().narrow(0, first, count).to(at::kFloat),
          {set.labels.narrow(0, first, count), {}}};
}

// Plain gradient descent, and no dropout.
TrainOptions descent() {
  TrainOptions options;
  options.net.dropout = 0.0;
  options.optimizer.optimizer = OptimizerKind::sgd;
  options.optimizer.momentum = 0.0;
  return options;
}

// Has the same initial weights in every call.
nn::Model student(const std::string& architecture, const graph::NetOptions& options) {
  at::set_num_threads(1);
  nn::Model model = test::fresh_model(1);
  model.info.architecture = architecture;
  model.info.net = options;
  model.net = nn::make_classifier(architecture, 7, options);
  model.net->train();
  return model;
}

Weights weights_after(const TrainOptions& options, const std::vector<Batch>& batches,
                      std::vector<nn::Model> teachers = {},
                      const std::vector<std::int64_t>& class_counts = {}, std::uint64_t seed = 5) {
  nn::Model model = student("seed-cnn", options.net);
  TrainingStep step(model, options, class_counts, std::move(teachers));
  step.run(batches, kRate, RandomStream(seed));
  return nn::named_weights(*model.net);
}

// The same step of gradient descent, for a loss that the test writes out.
template <typename LossOf>
Weights by_hand(const Batch& batch, LossOf loss_of) {
  const nn::Model model = student("seed-cnn", descent().net);
  loss_of(model.net->forward(nn::normalise(batch.levels, model.info.input))).backward();
  const at::NoGradGuard no_grad;
  for (at::Tensor& weight : model.net->parameters()) weight.sub_(weight.grad() * kRate);
  return nn::named_weights(*model.net);
}

double farthest(const Weights& a, const Weights& b) {
  double most = 0.0;
  for (const auto& [name, tensor] : a) {
    most = std::max(most, largest_difference(tensor, b.at(name)));
  }
  return most;
}

bool same(const Weights& a, const Weights& b) {
  return std::all_of(a.begin(), a.end(),
                     [&](const auto& entry) { return at::equal(entry.second, b.at(entry.first)); });
}

nn::Model teacher(std::uint64_t seed, double mean) {
  nn::Model model = test::fresh_model(seed);
  model.info.input.mean = mean;
  return model;
}

TEST_CASE("A teacher of weight 0 leaves a step as it is without one, bit for bit",
          "[train][unit]") {
  TrainOptions options = descent();
  options.net.dropout = 0.5;  // the teacher must not change its random numbers
  options.loss.distill_weight = 0.0;
  const Weights alone = weights_after(options, {faces(0, 8)});
  CHECK(same(weights_after(options, {faces(0, 8)}, {teacher(2, 0.5)}), alone));
  options.loss.distill_weight = 0.5;
  CHECK_FALSE(same(weights_after(options, {faces(0, 8)}, {teacher(2, 0.5)}), alone));
}

TEST_CASE("With teachers of weight 1 the labels say nothing", "[train][unit]") {
  TrainOptions options = descent();
  options.loss.distill_weight = 1.0;
  const Batch batch = faces(0, 8);
  Batch relabelled = batch;
  relabelled.truth.labels = (batch.truth.labels + 1).remainder(7);
  CHECK(same(weights_after(options, {batch}, {teacher(2, 0.5)}),
             weights_after(options, {relabelled}, {teacher(2, 0.5)})));
  options.loss.distill_weight = 0.9;
  CHECK_FALSE(same(weights_after(options, {batch}, {teacher(2, 0.5)}),
                   weights_after(options, {relabelled}, {teacher(2, 0.5)})));
}

TEST_CASE("Several teachers teach their mean, each on images normalised its own way",
          "[train][unit]") {
  TrainOptions options = descent();
  options.loss.distill_weight = 1.0;
  options.loss.distill_temperature = 2.0;
  const Batch batch = faces(0, 8);
  const std::vector<nn::Model> teachers = {teacher(2, 0.3), teacher(3, 0.6)};
  const auto said_by = [&](const nn::Model& model) {
    const at::Tensor logits = model.net->forward(nn::normalise(batch.levels, model.info.input));
    return at::softmax(logits.detach() / 2.0, 1);
  };
  const at::Tensor mean = (said_by(teachers[0]) + said_by(teachers[1])) / 2.0;
  // Hinton et al. 2015: cross entropy with the teachers at this temperature, times its square. The
  // divergence also subtracts the teachers' entropy, which has no gradient.
  const Weights expected = by_hand(batch, [&](const at::Tensor& logits) {
    return (mean * at::log_softmax(logits / 2.0, 1)).sum(1).mean() * -4.0;
  });
  const Weights taught = weights_after(options, {batch}, teachers);
  CHECK(farthest(taught, expected) < 1e-5);
  CHECK(farthest(weights_after(options, {batch}, {teachers[0]}), expected) > 1e-4);
}

TEST_CASE("A step weighs classes by their counts", "[train][unit]") {
  TrainOptions options = descent();
  options.loss.class_weights = ClassWeights::inverse;
  const Batch batch = faces(0, 14);
  // Inverse to the counts, with mean 1: 8/7 for six classes, and an eighth of that for the last.
  const std::vector<std::int64_t> counts = {2, 2, 2, 2, 2, 2, 16};
  const at::Tensor weights = at::full({7}, 8.0 / 7.0);
  weights[6].fill_(1.0 / 7.0);
  const Weights expected = by_hand(batch, [&](const at::Tensor& logits) {
    const at::Tensor weight = weights.index_select(0, batch.truth.labels);
    const at::Tensor log_p =
        at::log_softmax(logits, 1).gather(1, batch.truth.labels.unsqueeze(1)).squeeze(1);
    return (weight * log_p).sum().neg() / weight.sum();
  });
  const Weights weighted = weights_after(options, {batch}, {}, counts);
  CHECK(farthest(weighted, expected) < 1e-5);
  options.loss.class_weights = ClassWeights::none;
  CHECK(farthest(weights_after(options, {batch}, {}, counts), expected) > 1e-4);
}

TEST_CASE("A step adjusts logits by the classes' shares in the loss alone", "[train][unit]") {
  TrainOptions options = descent();
  options.loss.logit_adjustment = 2.0;
  const Batch batch = faces(0, 14);
  const std::vector<std::int64_t> counts = {2, 2, 2, 2, 2, 2, 16};
  const at::Tensor added = at::full({7}, 2.0 * std::log(2.0 / 28.0));
  added[6].fill_(2.0 * std::log(16.0 / 28.0));
  const Weights expected = by_hand(batch, [&](const at::Tensor& logits) {
    return at::cross_entropy_loss(logits + added, batch.truth.labels);
  });
  CHECK(farthest(weights_after(options, {batch}, {}, counts), expected) < 1e-5);
  options.loss.logit_adjustment = 0.0;
  CHECK(farthest(weights_after(options, {batch}, {}, counts), expected) > 1e-4);
}

TEST_CASE("Batches of one step count by their images, not each alike", "[train][unit]") {
  const Weights whole = weights_after(descent(), {faces(0, 8)});
  CHECK(farthest(weights_after(descent(), {faces(0, 6), faces(6, 2)}), whole) < 1e-5);
  // A plain mean of the two batches would count the last two images three times.
  const Batch a = faces(0, 6), b = faces(6, 2);
  const auto thrice = [](const at::Tensor& first, const at::Tensor& last) {
    return at::cat({first, last, last, last});
  };
  const Batch alike{thrice(a.levels, b.levels), {thrice(a.truth.labels, b.truth.labels), {}}};
  CHECK(farthest(weights_after(descent(), {alike}), whole) > 1e-4);
}

TEST_CASE("Dropout draws from the step's stream alone", "[train][unit]") {
  TrainOptions options = descent();
  options.net.dropout = 0.5;
  const auto weights_of = [&](std::uint64_t seed) {
    return weights_after(options, {faces(0, 8)}, {}, {}, seed);
  };
  const Weights first = weights_of(5);
  CHECK(same(weights_of(5), first));
  CHECK_FALSE(same(weights_of(6), first));
  options.net.dropout = 0.0;
  const Weights whole = weights_of(5);
  CHECK(same(weights_of(6), whole));
  CHECK_FALSE(same(first, whole));
}

TEST_CASE("A SAM step leaves running statistics as one pass leaves them", "[train][unit]") {
  const auto after = [](SamKind sam) {
    graph::NetOptions narrow;
    narrow.width = 0.34;
    nn::Model model = student("nano", narrow);
    TrainOptions options = descent();
    options.optimizer.sam = sam;
    TrainingStep step(model, options, {}, {});
    step.run({faces(0, 6), faces(6, 4)}, kRate, RandomStream(5));
    return model;
  };
  const nn::Model plain = after(SamKind::off);
  for (const SamKind sam : {SamKind::sam, SamKind::asam}) {
    CAPTURE(choice_name(sam));
    const nn::Model sharp = after(sam);
    const Weights weights = nn::named_weights(*sharp.net);
    for (const auto& named : plain.net->named_buffers()) {
      CAPTURE(named.key());
      CHECK(at::equal(weights.at(named.key()), named.value()));
    }
    CHECK_FALSE(
        at::equal(weights.at("logits.weight"), nn::named_weights(*plain.net).at("logits.weight")));
  }
}

TEST_CASE("A step of two batches moves a network on two cores as on one, bit for bit",
          "[train][unit]") {
  const auto amp = GENERATE(MixedPrecision::off, MixedPrecision::bf16);
  const auto sam = GENERATE(SamKind::off, SamKind::sam);
  CAPTURE(choice_name(amp), choice_name(sam));
  graph::NetOptions narrow;
  narrow.width = 0.34;
  narrow.dropout = 0.3;
  narrow.drop_path = 0.3;
  const auto after = [&](int threads) {
    const test::Threads cores(threads);
    nn::Model model = student("nano", narrow);
    TrainOptions options = descent();
    options.amp = amp;
    options.optimizer.sam = sam;
    options.optimizer.accumulate = 2;
    options.loss.distill_weight = 0.5;
    TrainingStep step(model, options, {}, {teacher(2, 0.5)});
    for (int i = 0; i < 2; ++i) {
      step.run({faces(0, 8), faces(8, 8)}, kRate, RandomStream(5));
    }
    return nn::named_weights(*model.net);
  };
  const Weights one = after(1);
  CHECK(farthest(after(2), one) == 0.0);
  CHECK(farthest(one, nn::named_weights(*student("nano", narrow).net)) > 2e-2);
}

}  // namespace
}  // namespace fer::train
