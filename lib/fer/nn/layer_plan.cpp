#include "fer/nn/layer_plan.h"

#include <ATen/Functions.h>

namespace fer::nn {

namespace {

namespace nn = torch::nn;

// y = x * scale + shift is what a normalisation does in evaluation.
struct Affine {
  at::Tensor scale, shift;  // [C]
};

Affine affine_of(const nn::BatchNorm2d& norm) {
  // In double: the fold must not cost more precision than the layers it replaces.
  const at::Tensor variance = norm->running_var.to(at::kDouble);
  const at::Tensor scale =
      norm->weight.detach().to(at::kDouble) / at::sqrt(variance + norm->options.eps());
  const at::Tensor shift =
      norm->bias.detach().to(at::kDouble) - norm->running_mean.to(at::kDouble) * scale;
  return {scale, shift};
}

at::Tensor copy_of(const at::Tensor& parameter) {
  return parameter.detach().to(at::kFloat, /*non_blocking=*/false, /*copy=*/true);
}

}  // namespace

std::array<ValueId, 3> inputs_of(const PlanStep& step) {
  struct Reader {
    std::array<ValueId, 3> operator()(const ConvStep& s) const { return {s.from, s.add, kNoValue}; }
    std::array<ValueId, 3> operator()(const GateStep& s) const { return {s.from, s.gate, s.add}; }
    std::array<ValueId, 3> one(ValueId from) const { return {from, kNoValue, kNoValue}; }
    std::array<ValueId, 3> operator()(const ConvReluPoolStep& s) const { return one(s.from); }
    std::array<ValueId, 3> operator()(const ScaleReluStep& s) const { return one(s.from); }
    std::array<ValueId, 3> operator()(const PoolStep& s) const { return one(s.from); }
    std::array<ValueId, 3> operator()(const MeanStep& s) const { return one(s.from); }
    std::array<ValueId, 3> operator()(const LinearStep& s) const { return one(s.from); }
  };
  return std::visit(Reader(), step);
}

std::vector<std::size_t> last_readers(const LayerPlan& plan) {
  std::vector<std::size_t> last(plan.value_count(), 0);
  for (std::size_t step = 0; step < plan.steps.size(); ++step) {
    for (const ValueId value : inputs_of(plan.steps[step])) {
      if (value != kNoValue) last[value] = step;
    }
  }
  return last;
}

template <typename Step>
ValueId PlanBuilder::note(Step step) {
  step.to = next();
  plan_.steps.emplace_back(std::move(step));
  return plan_.steps.size();
}

ValueId PlanBuilder::conv(ValueId from, const nn::Conv2d& conv, const nn::BatchNorm2d& norm,
                          bool relu, ValueId add) {
  const torch::NoGradGuard no_grad;
  at::Tensor weight = conv->weight.detach().to(at::kDouble);
  at::Tensor bias = conv->bias.defined() ? conv->bias.detach().to(at::kDouble)
                                         : at::zeros({weight.size(0)}, weight.options());
  if (!norm.is_empty()) {
    const Affine affine = affine_of(norm);
    weight = weight * affine.scale.view({-1, 1, 1, 1});
    bias = bias * affine.scale + affine.shift;
  }
  const auto& options = conv->options;
  const auto* padding = std::get_if<torch::ExpandingArray<2>>(&options.padding());
  TORCH_CHECK(padding != nullptr, "a plan knows convolutions with padding in numbers only");
  return note(ConvStep{from, 0, copy_of(weight), copy_of(bias), options.stride()->front(),
                       (*padding)->front(), options.groups(), relu, add});
}

ValueId PlanBuilder::conv_relu_pool(ValueId from, const nn::Conv2d& conv) {
  return note(ConvReluPoolStep{from, 0, copy_of(conv->weight), copy_of(conv->bias)});
}

ValueId PlanBuilder::norm_relu(ValueId from, const nn::BatchNorm2d& norm) {
  const torch::NoGradGuard no_grad;
  const Affine affine = affine_of(norm);
  return note(ScaleReluStep{from, 0, copy_of(affine.scale.view({1, -1, 1, 1})),
                            copy_of(affine.shift.view({1, -1, 1, 1}))});
}

ValueId PlanBuilder::gate(ValueId from, ValueId gate, ValueId add, bool relu) {
  return note(GateStep{from, 0, gate, add, relu});
}

ValueId PlanBuilder::pool(ValueId from, PoolKind kind, std::int64_t kernel, std::int64_t stride,
                          std::int64_t padding) {
  return note(PoolStep{from, 0, kind, kernel, stride, padding});
}

ValueId PlanBuilder::mean(ValueId from) { return note(MeanStep{from, 0}); }

ValueId PlanBuilder::linear(ValueId from, const nn::Linear& linear, bool relu) {
  return note(LinearStep{from, 0, copy_of(linear->weight), copy_of(linear->bias), relu});
}

ValueId PlanBuilder::flatten_linear(ValueId from, const nn::Linear& linear, bool relu,
                                    std::int64_t channels, std::int64_t side) {
  const at::Tensor by_channel = linear->weight.detach().view({-1, channels, side, side});
  const at::Tensor by_pixel = by_channel.permute({0, 2, 3, 1}).reshape(linear->weight.sizes());
  return note(LinearStep{from, 0, copy_of(by_pixel), copy_of(linear->bias), relu});
}

}  // namespace fer::nn
