#include "fer/train/weight_average.h"

#include <ATen/Functions.h>

#include "fer/core/error.h"
#include "fer/model/model_file.h"

namespace fer {

namespace {

constexpr const char* kUpdates = "updates";

}  // namespace

WeightAverage::WeightAverage(const Classifier& net, double decay)
    : decay_(decay), updates_(at::zeros({}, at::kLong)) {
  if (!on()) return;
  weights_ = named_weights(net);
  for (const auto& [name, tensor] : weights_) average_[name] = tensor.detach().clone();
}

void WeightAverage::update() {
  if (!on()) return;
  const at::NoGradGuard no_grad;
  const bool first = updates_.item<std::int64_t>() == 0;
  updates_.add_(1);
  for (const auto& [name, tensor] : weights_) {
    at::Tensor& average = average_.at(name);
    if (first || !average.is_floating_point()) {
      average.copy_(tensor);
    } else {
      average.lerp_(tensor, 1.0 - decay_);
    }
  }
}

void WeightAverage::swap() {
  const at::NoGradGuard no_grad;
  for (auto& [name, tensor] : weights_) {
    at::Tensor& average = average_.at(name);
    const at::Tensor kept = tensor.detach().clone();
    tensor.detach().copy_(average);
    average.copy_(kept);
  }
}

std::map<std::string, at::Tensor> WeightAverage::state() const {
  if (!on()) return {};
  std::map<std::string, at::Tensor> state = average_;
  state[kUpdates] = updates_;
  return state;
}

void WeightAverage::restore(const std::map<std::string, at::Tensor>& saved,
                            const std::string& origin) {
  for (auto& [name, target] : state()) {
    const auto found = saved.find(name);
    if (found == saved.end() || found->second.sizes() != target.sizes()) {
      throw Error(origin + ": has no averaged weight '" + name + "' of the expected shape");
    }
    at::Tensor(target).copy_(found->second);
  }
}

}  // namespace fer
