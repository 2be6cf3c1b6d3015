#include "fer/ranks/ranks.h"

#include <ATen/Functions.h>

#include "fer/core/processor.h"

namespace fer::ranks {

namespace {

class Alone final : public Ranks {
 public:
  Alone() : Ranks(0, 1) {}

  int cores() const override { return usable_cores(); }
  void sum_in_order(at::Tensor& values, std::int64_t /*tail*/, const Add& add) override {
    add(0, values);
  }
  void copy_from_first(const at::Tensor& /*values*/) override {}
  std::string from_first(const std::string& text) override { return text; }
  void fail(const std::string& /*message*/) override {}
  void finish() override {}
};

}  // namespace

void Ranks::wait_for_all() {
  at::Tensor nothing = at::zeros({1});
  sum_in_order(nothing, 1, [](std::int64_t, at::Tensor&) {});
}

Ranks& alone() {
  static Alone one;
  return one;
}

}  // namespace fer::ranks
