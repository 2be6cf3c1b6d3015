// What a trained network computes, as a list of steps: normalisations are folded into the
// convolutions before them, and dropout is left out. Each architecture describes itself so; infer/
// runs the steps, and whoever translates networks can read them.
#pragma once

#include <ATen/core/Tensor.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>

#include <array>
#include <cstdint>
#include <utility>
#include <variant>
#include <vector>

namespace fer::nn {

// A tensor on its way through the network. The first is the batch of faces.
using ValueId = std::size_t;
constexpr ValueId kFaces = 0;
constexpr ValueId kNoValue = static_cast<ValueId>(-1);

// to = conv(from) + bias, then + add where there is one, then ReLU where asked for.
struct ConvStep {
  ValueId from, to;
  at::Tensor weight;  // [O,I/groups,K,K]
  at::Tensor bias;    // [O]
  std::int64_t stride, padding, groups;
  bool relu;
  ValueId add;
};

// to = relu(max_pool2d(conv(from), 2) + bias); 3x3, padding 1.
struct ConvReluPoolStep {
  ValueId from, to;
  at::Tensor weight, bias;
};

// to = relu(from * scale + shift), a channel: a normalisation that follows no convolution.
struct ScaleReluStep {
  ValueId from, to;
  at::Tensor scale, shift;  // [1,C,1,1]
};

// to = from * sigmoid(gate) + add, then ReLU where asked for; gate: [N,C].
struct GateStep {
  ValueId from, to;
  ValueId gate, add;
  bool relu;
};

// `average` averages only the pixels inside where a window reaches over the border; `blur` is
// blur_pool.
enum class PoolKind { max, average, blur };
struct PoolStep {
  ValueId from, to;
  PoolKind kind;
  std::int64_t kernel, stride, padding;
};

// [N,C,H,W] -> [N,C]
struct MeanStep {
  ValueId from, to;
};

// to = linear(from), then ReLU where asked for. A `from` of [N,C,H,W] is flattened pixel by pixel:
// [N,H,W,C].
struct LinearStep {
  ValueId from, to;
  at::Tensor weight, bias;  // [O,I], [O]
  bool relu;
};

using PlanStep = std::variant<ConvStep, ConvReluPoolStep, ScaleReluStep, GateStep, PoolStep,
                              MeanStep, LinearStep>;

// Values are numbered in the order in which the steps make them; the last is the logits.
struct LayerPlan {
  std::vector<PlanStep> steps;

  std::size_t value_count() const { return steps.size() + 1; }
};

// The values that a step reads; kNoValue in place of those it does not have.
std::array<ValueId, 3> inputs_of(const PlanStep& step);

// The step that reads each value last; 0 for a value that nobody reads.
std::vector<std::size_t> last_readers(const LayerPlan& plan);

// Records steps. Copies the weights, so that a plan does not change when training goes on.
class PlanBuilder {
 public:
  // from, and add where there is one: [N,C,H,W]. An empty norm folds nothing; `add` has the result's
  // shape and is added before the ReLU.
  ValueId conv(ValueId from, const torch::nn::Conv2d& conv, const torch::nn::BatchNorm2d& norm,
               bool relu, ValueId add = kNoValue);
  // [N,I,H,W] -> [N,O,H/2,W/2]
  ValueId conv_relu_pool(ValueId from, const torch::nn::Conv2d& conv);
  // [N,C,H,W] -> the same
  ValueId norm_relu(ValueId from, const torch::nn::BatchNorm2d& norm);
  // from, add: [N,C,H,W]; gate: [N,C], before the sigmoid
  ValueId gate(ValueId from, ValueId gate, ValueId add, bool relu);
  ValueId pool(ValueId from, PoolKind kind, std::int64_t kernel, std::int64_t stride,
               std::int64_t padding = 0);
  // [N,C,H,W] -> [N,C]
  ValueId mean(ValueId from);
  // [N,I] -> [N,O]
  ValueId linear(ValueId from, const torch::nn::Linear& linear, bool relu);
  // The same after a flatten of [N,channels,side,side] in LibTorch's order, channel by channel.
  ValueId flatten_linear(ValueId from, const torch::nn::Linear& linear, bool relu,
                         std::int64_t channels, std::int64_t side);

  LayerPlan take() && { return std::move(plan_); }

 private:
  ValueId next() const { return plan_.steps.size() + 1; }
  template <typename Step>
  ValueId note(Step step);

  LayerPlan plan_;
};

}  // namespace fer::nn
