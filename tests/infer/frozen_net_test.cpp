#include "fer/infer/frozen_net.h"

#include <ATen/ATen.h>
#include <torch/utils.h>

#include <cmath>
#include <future>
#include <string>
#include <vector>

#include "fer/nn/architectures.h"
#include "fer/nn/memory_format.h"
#include "support/catch.h"
#include "support/models.h"
#include "support/shaken_model.h"

namespace fer::infer {
namespace {

using test::largest_difference;

// Of the two ways to run a frozen network the worse one's.
double freezing_error(const model::Model& model, std::int64_t side) {
  const at::NoGradGuard no_grad;
  const at::Tensor faces = at::randn({5, 1, side, side});
  const at::Tensor expected = model.net->forward(faces);
  const double scale = std::max(expected.abs().max().item<double>(), 1.0);
  const FrozenNet fast(model), portable(model, NetUse::operators);
  return std::max(largest_difference(fast.logits(faces), expected),
                  largest_difference(portable.logits(faces), expected)) /
         scale;
}

TEST_CASE("Every architecture says the same frozen as plain", "[infer][unit]") {
  for (const nn::Architecture& architecture : nn::architectures()) {
    CAPTURE(architecture.name);
    const model::Model model = test::shaken_model(architecture.name, {});
    CHECK(freezing_error(model, 48) < 1e-4);
    if (model.net->takes_any_side()) CHECK(freezing_error(model, 40) < 1e-4);
  }
}

TEST_CASE("Every way to build a residual network says the same frozen as plain", "[infer][unit]") {
  for (const nn::BlockKind block : {nn::BlockKind::post, nn::BlockKind::pre}) {
    for (const auto se : {nn::SqueezeExcitation::off, nn::SqueezeExcitation::on}) {
      for (const auto shortcut : {nn::ShortcutKind::stride, nn::ShortcutKind::pool}) {
        for (const auto downsample : {nn::DownsampleKind::stride, nn::DownsampleKind::blur}) {
          CAPTURE(choice_name(block), choice_name(se), choice_name(shortcut),
                  choice_name(downsample));
          nn::NetOptions options;
          options.block = block;
          options.se = se;
          options.shortcut = shortcut;
          options.downsample = downsample;
          options.width = 0.5;
          const model::Model model = test::shaken_model("small", options);
          CHECK(freezing_error(model, 48) < 1e-4);
          // Odd sides on the way: 21, 11, 6, 3.
          CHECK(freezing_error(model, 42) < 1e-4);
        }
      }
    }
  }
}

TEST_CASE("The same faces give the same logits again, and are not written over", "[infer][unit]") {
  const model::Model model = test::shaken_model("nano", {});
  const FrozenNet frozen(model);
  const at::Tensor faces = at::randn({3, 1, 48, 48});
  const at::Tensor copy = faces.clone();
  const at::Tensor first = frozen.logits(faces);
  CHECK(at::equal(frozen.logits(faces), first));
  CHECK(at::equal(faces, copy));
}

TEST_CASE("One frozen network serves several threads at once", "[infer][unit]") {
  const model::Model model = test::shaken_model("nano", {});
  const FrozenNet frozen(model);
  std::vector<at::Tensor> faces;
  std::vector<at::Tensor> expected;
  std::vector<std::future<at::Tensor>> said;
  for (int i = 0; i < 4; ++i) {
    faces.push_back(at::randn({2, 1, 48, 48}));
    expected.push_back(frozen.logits(faces.back()));
  }
  for (const at::Tensor& some : faces) {
    said.push_back(std::async(std::launch::async, [&frozen, some] { return frozen.logits(some); }));
  }
  for (std::size_t i = 0; i < said.size(); ++i) {
    CHECK(largest_difference(said[i].get(), expected[i]) < 1e-5);
  }
}

struct Threads {
  explicit Threads(int count) : before(at::get_num_threads()) { at::set_num_threads(count); }
  ~Threads() { at::set_num_threads(before); }
  int before;
};

TEST_CASE("A face's logits are the same alone and among others, whatever the threads, bit for bit",
          "[infer][unit]") {
  for (const char* name : {"seed-cnn", "nano", "mini-xception"}) {
    const FrozenNet frozen(test::shaken_model(name, {}));
    const at::Tensor faces = at::randn({19, 1, 48, 48});
    const at::Tensor together = frozen.logits(faces);
    for (const int threads : {1, 2, 3}) {
      const Threads set(threads);
      for (const std::int64_t count : {1, 2, 3, 8, 19}) {
        CAPTURE(name, threads, count);
        CHECK(at::equal(frozen.logits(faces.narrow(0, 0, count)), together.narrow(0, 0, count)));
      }
    }
  }
}

TEST_CASE("No face at all gives no logits", "[infer][unit]") {
  const FrozenNet frozen(test::shaken_model("nano", {}));
  CHECK(frozen.logits(at::empty({0, 1, 48, 48})).sizes() == at::IntArrayRef({0, 7}));
}

TEST_CASE("A network that diverged is run, too: validation must not end its training",
          "[infer][unit]") {
  const model::Model model = test::shaken_model("nano", {});
  const at::NoGradGuard no_grad;
  model.net->parameters().front().fill_(std::nan(""));
  CHECK(FrozenNet(model).logits(at::zeros({1, 1, 48, 48})).sizes() == at::IntArrayRef({1, 7}));
}

}  // namespace
}  // namespace fer::infer
