#include "fer/train/replicas.h"

#include <ATen/ATen.h>
#include <torch/utils.h>

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "fer/core/error.h"
#include "fer/nn/architectures.h"
#include "fer/train/freeze.h"
#include "support/catch.h"
#include "support/models.h"
#include "support/rank_threads.h"
#include "support/threads.h"

namespace fer::train {
namespace {

using test::largest_difference;
using test::Threads;

nn::Model narrow_nano(double dropout = 0.0) {
  torch::manual_seed(3);
  nn::Model model;
  model.info.architecture = "nano";
  model.info.labels = LabelSet::fer2013();
  model.info.net.width = 0.34;
  model.info.net.dropout = dropout;
  model.net = nn::make_classifier("nano", 7, model.info.net);
  // Moves gammas away from 0, which would keep gradients from their branches.
  const at::NoGradGuard no_grad;
  for (at::Tensor& weight : model.net->parameters()) weight.add_(0.02);
  model.net->train();
  return model;
}

// Drawn once, because replicas ask from several threads, which share one generator.
const at::Tensor& faces(std::size_t batch) {
  static const std::vector<at::Tensor> drawn = [] {
    torch::manual_seed(50);
    std::vector<at::Tensor> all;
    for (int i = 0; i < 8; ++i) all.push_back(at::randn({4, 1, 48, 48}));
    return all;
  }();
  return drawn.at(batch);
}

void backward(nn::Classifier& net, std::size_t batch) {
  net.forward(faces(batch)).square().mean().backward();
}

void one_after_the_other(nn::Classifier& net, std::size_t first, std::size_t count) {
  for (std::size_t i = first; i < first + count; ++i) backward(net, i);
}

TEST_CASE("Replicas leave the sum of the batches' gradients in the model's own network",
          "[train][unit]") {
  const Threads threads(2);
  const nn::Model alone = narrow_nano(), together = narrow_nano();
  one_after_the_other(*alone.net, 0, 3);
  Replicas replicas(together, 2, 2);
  replicas.run(3, backward);
  for (const auto& named : alone.net->named_parameters()) {
    CAPTURE(named.key());
    const at::Tensor gradient = together.net->named_parameters()[named.key()].grad();
    CHECK(largest_difference(gradient, named.value().grad()) < 1e-5);
    CHECK(gradient.abs().max().item<float>() > 0.0F);
  }
  // A second step must start with zero gradients in every copy.
  for (nn::Classifier* net : {alone.net.get(), together.net.get()}) net->zero_grad();
  one_after_the_other(*alone.net, 5, 2);
  replicas.run(2, [](nn::Classifier& net, std::size_t i) { backward(net, i + 5); });
  CHECK(largest_difference(together.net->parameters().front().grad(),
                           alone.net->parameters().front().grad()) < 1e-5);
}

TEST_CASE("A step of fewer batches than replicas is one of its batches alone", "[train][unit]") {
  const Threads threads(2);
  const nn::Model alone = narrow_nano(), together = narrow_nano();
  one_after_the_other(*alone.net, 0, 1);
  Replicas(together, 2, 2).run(1, backward);
  CHECK(largest_difference(together.net->parameters().front().grad(),
                           alone.net->parameters().front().grad()) < 1e-5);
  CHECK(largest_difference(together.net->named_buffers()["stem_norm.running_mean"],
                           alone.net->named_buffers()["stem_norm.running_mean"]) < 1e-6);
}

TEST_CASE("Running statistics are those of batches one after the other", "[train][unit]") {
  const Threads threads(3);
  const auto batches = GENERATE(std::size_t{3}, std::size_t{5});
  const nn::Model alone = narrow_nano(), together = narrow_nano();
  const at::NoGradGuard no_grad;
  for (std::size_t i = 0; i < batches; ++i) alone.net->forward(faces(i));
  const at::Tensor before = together.net->named_buffers()["stem_norm.running_mean"].clone();
  Replicas(together, 3, 3).run(batches, [](nn::Classifier& net, std::size_t i) {
    const at::NoGradGuard none;
    net.forward(faces(i));
  });
  for (const auto& named : together.net->named_buffers()) {
    CAPTURE(named.key());
    CHECK(largest_difference(named.value(), alone.net->named_buffers()[named.key()]) < 1e-6);
  }
  CHECK(largest_difference(together.net->named_buffers()["stem_norm.running_mean"], before) > 1e-4);
}

TEST_CASE("Replicas follow the weights as the optimizer moves them", "[train][unit]") {
  const Threads threads(2);
  const nn::Model model = narrow_nano();
  Replicas replicas(model, 2, 2);
  {
    const at::NoGradGuard no_grad;
    for (at::Tensor& weight : model.net->parameters()) weight.add_(0.25);
  }
  std::vector<at::Tensor> weights(2);
  replicas.run(2, [&](nn::Classifier& net, std::size_t i) {
    weights[i] = net.named_parameters()["logits.weight"].detach();
  });
  CHECK(weights[0].data_ptr() == weights[1].data_ptr());
}

TEST_CASE("Neighbouring parts share a replica, and each replica has the part of the step alone",
          "[train][unit]") {
  const Threads threads(2);
  const nn::Model model = narrow_nano();
  std::vector<const nn::Classifier*> ran(4);
  Replicas(model, 2, 2).run(4, [&](nn::Classifier& net, std::size_t i) { ran[i] = &net; });
  CHECK(ran[0] == model.net.get());
  CHECK(ran[0] == ran[1]);
  CHECK(ran[2] == ran[3]);
  CHECK(ran[0] != ran[2]);
}

TEST_CASE("Any number of threads leaves the same bits", "[train][unit]") {
  const auto after = [](int threads) {
    const Threads cores(threads);
    const nn::Model model = narrow_nano(0.5);
    Replicas replicas(model, 5, threads);
    for (int step = 0; step < 3; ++step) {
      replicas.run(7, [&](nn::Classifier& net, std::size_t i) {
        net.seed_draws(100 + i);
        backward(net, i);
      });
    }
    std::map<std::string, at::Tensor> left = nn::named_weights(*model.net);
    for (const auto& named : model.net->named_parameters()) {
      left["gradient of " + named.key()] = named.value().grad();
    }
    return left;
  };
  const auto alone = after(1), two = after(2), four = after(4);
  for (const auto& [name, tensor] : alone) {
    CAPTURE(name);
    CHECK(at::equal(two.at(name), tensor));
    CHECK(at::equal(four.at(name), tensor));
  }
}

TEST_CASE("What is frozen stays frozen in every replica", "[train][unit]") {
  const Threads threads(3);
  const nn::Model model = narrow_nano();
  freeze_parameters(*model.net, {"stem*", "stage1*"});
  train_mode(*model.net);
  std::map<std::string, at::Tensor> before;
  for (const auto& named : model.net->named_buffers()) before[named.key()] = named.value().clone();
  Replicas(model, 3, 3).run(3, backward);
  for (const auto& named : model.net->named_parameters()) {
    CAPTURE(named.key());
    CHECK(named.value().grad().defined() == named.value().requires_grad());
  }
  for (const auto& named : model.net->named_buffers()) {
    CAPTURE(named.key());
    const bool frozen = named.key().starts_with("stem") || named.key().starts_with("stage1");
    CHECK(at::equal(named.value(), before.at(named.key())) == frozen);
  }
}

TEST_CASE("What goes wrong in a replica comes out of the step and leaves nothing behind",
          "[train][unit]") {
  const Threads threads(2);
  const nn::Model model = narrow_nano(), alone = narrow_nano();
  Replicas replicas(model, 2, 2);
  CHECK_THROWS_WITH(replicas.run(2,
                                 [](nn::Classifier& net, std::size_t i) {
                                   backward(net, i);
                                   if (i == 1) throw std::runtime_error("no memory");
                                 }),
                    "no memory");
  model.net->zero_grad();
  replicas.run(2, backward);
  one_after_the_other(*alone.net, 0, 2);
  CHECK(largest_difference(model.net->parameters().front().grad(),
                           alone.net->parameters().front().grad()) < 1e-5);
}

TEST_CASE("A thread has its cores back after replicas ran on it", "[train][unit]") {
  const Threads threads(2);
  int within = 0;
  Replicas(narrow_nano(), 2, 2).run(2, [&](nn::Classifier&, std::size_t i) {
    if (i == 0) within = at::get_num_threads();
  });
  CHECK(within == 1);
  CHECK(at::get_num_threads() == 2);
}

TEST_CASE("A model whose info is another network's has no replicas", "[train][unit]") {
  nn::Model model = narrow_nano();
  model.info.net.width = 1.0;
  CHECK_THROWS_AS(Replicas(model, 2, 2), Error);
  model.info.net.width = 0.34;
  model.info.net.block = graph::BlockKind::pre;
  CHECK_THROWS_AS(Replicas(model, 2, 2), Error);
}

TEST_CASE("Each part has a replica while gradients take 256 MB or less", "[train][unit]") {
  const nn::Model model = narrow_nano();
  CHECK(Replicas::share_for(*model.net, 1, ranks::alone()).networks == 1);
  CHECK(Replicas::share_for(*model.net, 2, ranks::alone()).networks == 2);
  CHECK(Replicas::share_for(*model.net, 1024, ranks::alone()).networks == 64);
  torch::manual_seed(1);
  const auto large = nn::make_classifier("large", 7, {});  // 11 million parameters
  CHECK(Replicas::share_for(*large, 1024, ranks::alone()).networks == 5);
}

// All gradients and statistics that a step leaves in a network, as one tensor.
at::Tensor left_in(const nn::Classifier& net) {
  std::vector<at::Tensor> all;
  for (const at::Tensor& weight : net.parameters()) all.push_back(weight.grad().flatten());
  for (const at::Tensor& buffer : net.buffers()) all.push_back(buffer.to(at::kFloat).flatten());
  return at::cat(all);
}

TEST_CASE("Any number of ranks leaves the bits of one", "[train][unit]") {
  const auto parts = GENERATE(std::size_t{8}, std::size_t{7}, std::size_t{2});
  const auto size = GENERATE(2, 3, 4);
  const Threads threads(1);
  const nn::Model alone = narrow_nano();
  Replicas one(alone, 5, 1);
  const auto steps = [&](const nn::Model& model, Replicas& replicas,
                         const Replicas::AddUp& add_up) {
    Replicas::Totals totals;
    for (int step = 0; step < 2; ++step) {  // the second step finds the state that the first left
      for (at::Tensor weight : model.net->parameters()) weight.mutable_grad().reset();
      totals = replicas.run(parts, backward, add_up);
    }
    return totals;
  };
  steps(alone, one, {});
  const at::Tensor expected = left_in(*alone.net);
  std::vector<nn::Model> models;
  for (int rank = 0; rank < size; ++rank) models.push_back(narrow_nano());
  std::vector<at::Tensor> left(models.size());
  std::vector<Replicas::Totals> totals(models.size());
  test::run_as_ranks(size, [&](ranks::Ranks& ranks) {
    const auto rank = static_cast<std::size_t>(ranks.rank());
    const StepShare share{.networks = 5, .rank = rank, .ranks = static_cast<std::size_t>(size)};
    Replicas replicas(models[rank], share, 1, ranks);
    totals[rank] = steps(models[rank], replicas, [&](Replicas::Totals& sum) {
      sum.loss_sum += 0.5F;
      sum.correct += static_cast<float>(share.own_parts(parts).size());
    });
    left[rank] = left_in(*models[rank].net);
  });
  for (std::size_t rank = 0; rank < left.size(); ++rank) {
    CAPTURE(rank);
    CHECK(at::equal(left[rank], expected));
    CHECK(totals[rank].loss_sum == 0.5F * static_cast<float>(size));
    CHECK(totals[rank].correct == static_cast<float>(parts));
  }
}

TEST_CASE("One rank's wish to stop becomes known to all", "[train][unit]") {
  const Threads threads(1);
  const std::vector<nn::Model> models = {narrow_nano(), narrow_nano()};
  std::vector<int> agreed(2);
  test::run_as_ranks(2, [&](ranks::Ranks& ranks) {
    const auto rank = static_cast<std::size_t>(ranks.rank());
    Replicas replicas(models[rank], StepShare{.networks = 2, .rank = rank, .ranks = 2}, 1, ranks);
    replicas.run(2, backward);
    agreed[rank] += ranks.agreed_to_stop() ? 10 : 0;
    if (rank == 1) ranks.wish_to_stop();
    replicas.run(2, backward);
    agreed[rank] += ranks.agreed_to_stop() ? 1 : 0;
  });
  CHECK(agreed == std::vector<int>{1, 1});
}

}  // namespace
}  // namespace fer::train
