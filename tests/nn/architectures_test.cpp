#include "fer/nn/architectures.h"

#include <ATen/ATen.h>
#include <torch/utils.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/face.h"
#include "fer/nn/memory_format.h"
#include "support/catch.h"
#include "support/models.h"
#include "support/threads.h"

namespace fer::nn {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;

TEST_CASE("every network of the table turns faces into a row of logits each", "[nn][unit]") {
  for (const Architecture& architecture : architectures()) {
    CAPTURE(architecture.name);
    for (const std::int64_t classes : {2, 7, 8}) {
      const auto net = make_classifier(architecture.name, classes);
      net->eval();
      const at::NoGradGuard no_grad;
      const at::Tensor logits = net->forward(at::randn({3, 1, kFaceSide, kFaceSide}));
      CHECK(logits.sizes() == at::IntArrayRef({3, classes}));
      CHECK(logits.scalar_type() == at::kFloat);
      CHECK(logits.isfinite().all().item<bool>());
    }
  }
}

TEST_CASE("networks that take any side do, and seed-cnn does not say so", "[nn][unit]") {
  const at::NoGradGuard no_grad;
  for (const Architecture& architecture : architectures()) {
    CAPTURE(architecture.name);
    const auto net = make_classifier(architecture.name, 7);
    CHECK(net->takes_any_side() == (architecture.name != "seed-cnn"));
    if (!net->takes_any_side()) continue;
    net->eval();
    CHECK(net->forward(at::randn({1, 1, 32, 32})).sizes() == at::IntArrayRef({1, 7}));
  }
}

TEST_CASE("a step reaches every parameter of every network", "[nn][unit]") {
  for (const Architecture& architecture : architectures()) {
    const auto net = make_classifier(architecture.name, 7);
    net->train();
    at::cross_entropy_loss(net->forward(at::randn({2, 1, kFaceSide, kFaceSide})),
                           at::tensor({1, 4}, at::kLong))
        .backward();
    for (const auto& named : net->named_parameters()) {
      CAPTURE(architecture.name, named.key());
      CHECK(named.value().grad().defined());
    }
    // --body-lr and --init-from take this for the last layer.
    const auto parameters = net->named_parameters();
    CHECK(std::any_of(parameters.begin(), parameters.end(),
                      [](const auto& named) { return named.key().starts_with("logits."); }));
  }
}

bool takes(const Architecture& architecture, const std::string& option) {
  const auto& options = architecture.options;
  return std::find(options.begin(), options.end(), option) != options.end();
}

void backward(Classifier& net, const at::Tensor& faces) {
  net.train();
  net.zero_grad();
  net.forward(faces).square().sum().backward();
}

// The largest difference of any parameter's gradient, relative to its largest gradient.
double largest_gradient_difference(Classifier& net, Classifier& exact, const at::Tensor& faces) {
  backward(net, faces);
  backward(exact, faces.to(at::kDouble));
  double largest = 0.0;
  for (const auto& named : exact.named_parameters()) {
    const at::Tensor expected = named.value().grad();
    const double size = expected.abs().max().item<double>();
    const at::Tensor gradient = net.named_parameters()[named.key()].grad();
    if (size > 1e-6)
      largest = std::max(largest, test::largest_difference(gradient, expected) / size);
  }
  return largest;
}

// oneDNN has different kernels for few channels, and different paths for threads that cannot divide
// the batch evenly; one of these wrote past its memory (nn/layers.h).
TEST_CASE("gradients of narrow networks are float64's where threads share a batch unevenly",
          "[nn][unit]") {
  const auto threads = GENERATE(2, 4);
  const test::Threads sharing(threads);
  for (const Architecture& architecture : architectures()) {
    CAPTURE(architecture.name, threads);
    graph::NetOptions narrow;
    if (takes(architecture, "dropout")) narrow.dropout = 0.0;
    if (takes(architecture, "width")) narrow.width = 0.1;
    torch::manual_seed(6);
    const auto net = make_classifier(architecture.name, 7, narrow);
    torch::manual_seed(6);
    const auto exact = make_classifier(architecture.name, 7, narrow);
    exact->to(at::kDouble);
    use_channels_last(*net);
    const at::Tensor faces = at::randn({3, 1, kFaceSide, kFaceSide});
    for (int repeats = 0; repeats < 3; ++repeats) {
      const double difference = largest_gradient_difference(*net, *exact, faces);
      CHECK(difference < 1e-3);
    }
  }
}

TEST_CASE("the ladder has the sizes it is known by", "[nn][unit]") {
  // mini-XCEPTION's 56,951 trainable parameters are those its authors' Keras model reports; the
  // others are worked out from their layers.
  const std::map<std::string, std::int64_t> known = {
      {"seed-cnn", 683'527}, {"mini-xception", 56'951}, {"base", 4'689'735}};
  for (const auto& [name, parameters] : known) {
    CAPTURE(name);
    CHECK(make_classifier(name, 7)->parameter_count() == parameters);
  }
  // Multiply-adds in millions, from the ladder's description.
  const std::map<std::string, double> costs = {{"nano", 20}, {"small", 176}, {"base", 469}};
  for (const auto& [name, millions] : costs) {
    CAPTURE(name);
    const double measured = static_cast<double>(cost_of(name, 7).multiply_adds) / 1e6;
    CHECK(measured == Catch::Approx(millions).epsilon(0.05));
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

// The logits that a network, drawn from the same seed, gives for the same faces.
struct Answers {
  at::Tensor evaluation, training;
};

Answers answers_of(const std::string& name, const graph::NetOptions& options) {
  const at::NoGradGuard no_grad;
  torch::manual_seed(3);
  const auto net = make_classifier(name, 7, options);
  torch::manual_seed(4);
  const at::Tensor faces = at::randn({4, 1, kFaceSide, kFaceSide});
  Answers answers;
  net->eval();
  answers.evaluation = net->forward(faces);
  net->train();
  answers.training = net->forward(faces);
  return answers;
}

TEST_CASE("every option a network takes changes it, dropping in training alone", "[nn][unit]") {
  // Of two values one may be what the architecture has anyway.
  const std::map<std::string, std::vector<std::string>> values = {
      {"width", {"0.5"}},     {"stem_stride", {"1", "2"}}, {"se", {"on", "off"}},
      {"shortcut", {"pool"}}, {"downsample", {"blur"}},    {"block", {"pre"}},
      {"drop_path", {"0.9"}}, {"dropout", {"0.9"}}};
  for (const Architecture& architecture : architectures()) {
    graph::NetOptions plain;
    if (takes(architecture, "width")) plain.width = 0.25;  // large networks take long
    const Answers before = answers_of(architecture.name, plain);
    for (const std::string& option : architecture.options) {
      CAPTURE(architecture.name, option);
      REQUIRE(values.contains(option));  // a new option needs a line above
      bool evaluation = false, training = false;
      for (const std::string& value : values.at(option)) {
        graph::NetOptions other = plain;
        option_from_words(option, {value}, visiting(other));
        const Answers after = answers_of(architecture.name, other);
        evaluation |= !at::equal(after.evaluation, before.evaluation);
        training |= !at::equal(after.training, before.training);
      }
      CHECK(training);
      CHECK(evaluation == (option != "drop_path" && option != "dropout"));
    }
  }
}

TEST_CASE("what a network draws in training comes from its own seed", "[nn][unit]") {
  const at::NoGradGuard no_grad;
  for (const Architecture& architecture : architectures()) {
    for (const char* drawn : {"", "drop_path", "dropout"}) {
      graph::NetOptions options;
      if (takes(architecture, "width")) options.width = 0.25;
      if (takes(architecture, "dropout")) options.dropout = 0.0;
      if (*drawn != '\0' && !takes(architecture, drawn)) continue;
      if (*drawn != '\0') option_from_words(drawn, {"0.5"}, visiting(options));
      CAPTURE(architecture.name, drawn);
      torch::manual_seed(6);
      const auto net = make_classifier(architecture.name, 7, options);
      // The last norm of a block starts with gamma 0, which hides what its branch drops.
      for (at::Tensor& weight : net->parameters()) weight.add_(0.1);
      const at::Tensor faces = at::randn({8, 1, kFaceSide, kFaceSide});
      net->train();
      const auto drawn_from = [&](std::uint64_t seed) {
        net->seed_draws(seed);
        return net->forward(faces);
      };
      const at::Tensor once = drawn_from(1);
      torch::manual_seed(
          7);  // of LibTorch's own generator, which networks side by side would share
      CHECK(at::equal(drawn_from(1), once));
      CHECK(at::equal(drawn_from(2), once) == (*drawn == '\0'));
    }
  }
}

TEST_CASE("options make a network larger and dearer by what they add", "[nn][unit]") {
  const auto count = [](const graph::NetOptions& options) {
    torch::manual_seed(2);
    return make_classifier("nano", 7, options)->parameter_count();
  };
  graph::NetOptions plain;
  graph::NetOptions narrow = plain, se = plain, pre = plain;
  narrow.width = 0.5;
  se.se = graph::SqueezeExcitation::on;
  pre.block = graph::BlockKind::pre;
  CHECK(count(narrow) < count(plain) / 3);
  CHECK(count(se) > count(plain));
  CHECK(count(pre) != count(plain));
  const auto cost = [](const graph::NetOptions& options) {
    return cost_of("nano", 7, options).multiply_adds;
  };
  graph::NetOptions fine = plain, blurred = plain, pooled = plain;
  fine.stem_stride = 1;
  blurred.downsample = graph::DownsampleKind::blur;
  pooled.shortcut = graph::ShortcutKind::pool;
  CHECK(cost(fine) > 3 * cost(plain));
  CHECK(cost(blurred) > cost(plain));
  CHECK(cost(pooled) == cost(plain));  // another way to the same number of products
}

TEST_CASE("an option that a network has not is an error that lists those it has", "[nn][unit]") {
  graph::NetOptions options;
  options.se = graph::SqueezeExcitation::on;
  CHECK_THROWS_MATCHES(
      make_classifier("base", 7, options), Error,
      MessageMatches(ContainsSubstring("base has no option 'se'") && ContainsSubstring("width")));
}

TEST_CASE("a network that is not in the table is an error that lists those that are",
          "[nn][unit]") {
  CHECK_THROWS_MATCHES(make_classifier("resnet-1000", 7), Error,
                       MessageMatches(ContainsSubstring("resnet-1000") &&
                                      ContainsSubstring("seed-cnn") && ContainsSubstring("nano")));
}

}  // namespace
}  // namespace fer::nn
