#include "fer/infer/framed_net.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <optional>
#include <string>

#include "fer/infer/matrix_product.h"
#include "fer/nn/architectures.h"
#include "support/catch.h"
#include "support/models.h"

namespace fer::infer {
namespace {

using test::largest_difference;

// Framed networks are for AVX-512; elsewhere there is nothing to test, and that is said.
bool cannot_run() {
  if (small_products_run()) return false;
  WARN("skipped: this processor or LibTorch has no small products");
  return true;
}

std::shared_ptr<nn::Classifier> network(const std::string& name,
                                        const nn::NetOptions& options = {}) {
  torch::manual_seed(5);
  const auto net = nn::make_classifier(name, 7, options);
  net->eval();
  return net;
}

struct Threads {
  explicit Threads(int count) : before(at::get_num_threads()) { at::set_num_threads(count); }
  ~Threads() { at::set_num_threads(before); }
  int before;
};

TEST_CASE("Every architecture can be framed for faces of 48 pixels", "[infer][unit]") {
  if (cannot_run()) return;
  for (const nn::Architecture& architecture : nn::architectures()) {
    CAPTURE(architecture.name);
    CHECK(framed_plan(nn::plan_of(*network(architecture.name)), 48).has_value());
  }
}

TEST_CASE("A framed network says what the plain one says, whatever the number of faces and threads",
          "[infer][unit]") {
  if (cannot_run()) return;
  const at::NoGradGuard no_grad;
  for (const char* name : {"seed-cnn", "nano", "mini-xception"}) {
    const auto net = network(name);
    const FramedNet framed(framed_plan(nn::plan_of(*net), 48).value());
    for (const int threads : {1, 2, 3}) {
      const Threads set(threads);
      for (const std::int64_t count : {1, 2, 3, 8, 19}) {
        CAPTURE(name, threads, count);
        const at::Tensor faces = at::randn({count, 1, 48, 48});
        const at::Tensor expected = net->forward(faces);
        CHECK(largest_difference(framed.logits(faces), expected) <
              1e-4 * std::max(expected.abs().max().item<double>(), 1.0));
      }
    }
  }
}

TEST_CASE("A face's logits are the same alone and among others, bit for bit", "[infer][unit]") {
  if (cannot_run()) return;
  const FramedNet framed(framed_plan(nn::plan_of(*network("nano")), 48).value());
  const at::Tensor faces = at::randn({21, 1, 48, 48});
  const at::Tensor together = framed.logits(faces);
  for (std::int64_t i = 0; i < faces.size(0); ++i) {
    CAPTURE(i);
    CHECK(at::equal(framed.logits(faces.narrow(0, i, 1)).squeeze(0), together[i]));
  }
}

TEST_CASE("No face at all gives no logits", "[infer][unit]") {
  if (cannot_run()) return;
  const FramedNet framed(framed_plan(nn::plan_of(*network("nano")), 48).value());
  CHECK(framed.logits(at::empty({0, 1, 48, 48})).sizes() == at::IntArrayRef({0, 7}));
}

TEST_CASE("A plan that cannot be framed is left to the operators", "[infer][unit]") {
  if (cannot_run()) return;
  // Pooling by two leaves half a pixel over.
  CHECK_FALSE(framed_plan(nn::plan_of(*network("seed-cnn")), 47).has_value());
  // The classic network's dense layer fits one side only.
  CHECK_FALSE(framed_plan(nn::plan_of(*network("seed-cnn")), 64).has_value());
}

}  // namespace
}  // namespace fer::infer
