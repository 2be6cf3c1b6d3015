#include "fer/train/weight_average.h"

#include <ATen/Functions.h>

#include "fer/core/error.h"
#include "fer/nn/model.h"

namespace fer::train {

namespace {

constexpr const char* kStarted = "started";

}  // namespace

WeightAverage::WeightAverage(const nn::Classifier& net, double decay)
    : decay_(decay), started_(at::zeros({}, at::kLong)) {
  if (!on()) return;
  weights_ = nn::named_weights(net);
  for (const auto& [name, tensor] : weights_) {
    const at::Tensor weight = tensor.detach();
    at::Tensor& average = average_[name] = weight.clone();
    Pairs& pairs = tensor.is_floating_point() ? numbers_ : counts_;
    pairs.averages.push_back(average);
    pairs.weights.push_back(weight);
  }
}

void WeightAverage::update() {
  if (!on()) return;
  const at::NoGradGuard no_grad;
  // On the host, so that reading it never waits for the device.
  if (started_.item<std::int64_t>() == 0) {
    at::_foreach_copy_(numbers_.averages, numbers_.weights);
    started_.fill_(1);
  } else {
    at::_foreach_lerp_(numbers_.averages, numbers_.weights, 1.0 - decay_);
  }
  // Networks without normalisations have no counters.
  if (!counts_.averages.empty()) at::_foreach_copy_(counts_.averages, counts_.weights);
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
  state[kStarted] = started_;
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

}  // namespace fer::train
