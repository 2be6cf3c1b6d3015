#include "fer/infer/frozen_net.h"

#include <ATen/Functions.h>
#include <c10/core/InferenceMode.h>

#include <mutex>
#include <utility>

#include "fer/infer/packed_conv.h"
#include "fer/nn/conv_relu_pool.h"
#include "fer/nn/layers.h"

namespace fer::infer {

namespace {

using Values = std::vector<at::Tensor>;
using Run = std::function<at::Tensor(const Values&)>;

// Whether all steps behind `step` read nothing older than its result.
bool is_narrow(const nn::LayerPlan& plan, std::size_t step) {
  for (std::size_t later = step + 1; later < plan.steps.size(); ++later) {
    for (const nn::ValueId value : nn::inputs_of(plan.steps[later])) {
      if (value < step + 1) return false;
    }
  }
  return true;
}

at::Tensor pooled(const at::Tensor& x, const nn::PoolStep& step) {
  switch (step.kind) {
    case nn::PoolKind::max:
      return at::max_pool2d(x, step.kernel, step.stride, step.padding);
    case nn::PoolKind::average:
      return at::avg_pool2d(x, step.kernel, step.stride, step.padding, /*ceil_mode=*/true);
    case nn::PoolKind::blur:
      return nn::blur_pool(x);
  }
  TORCH_CHECK(false, "a pooling the executor does not know");
}

// [N,C,H,W] -> [N,H*W*C]; a matrix stays one.
at::Tensor by_pixel(const at::Tensor& x) {
  return x.dim() == 2 ? x : x.permute({0, 2, 3, 1}).reshape({x.size(0), -1});
}

// Makes what runs a step; `overwrites` says whether a convolution may write over what it adds.
struct StageMaker {
  at::Device device;
  NetUse use;
  bool overwrites;

  Run operator()(const nn::ConvStep& step) const {
    PackedConv conv(step, device, use);
    const nn::ValueId from = step.from, add = step.add;
    if (add == nn::kNoValue) return [conv, from](const Values& v) { return conv.run(v[from]); };
    return [conv, from, add, over = overwrites](const Values& v) {
      return conv.run_onto(v[from], v[add], over);
    };
  }

  Run operator()(const nn::ConvReluPoolStep& step) const {
    const auto nhwc = at::MemoryFormat::ChannelsLast;
    const at::Tensor weight = step.weight.to(device).contiguous(nhwc), bias = step.bias.to(device);
    const nn::ValueId from = step.from;
    const bool plain = !device.is_cpu() || use == NetUse::gradients;
    if (!plain && step.weight.size(1) == 1) {
      return [=](const Values& v) { return nn::first_conv_relu_pool(v[from], weight, bias); };
    }
    if (plain) {
      return [=](const Values& v) { return nn::conv_relu_pool(v[from], weight, bias); };
    }
    const nn::ConvStep bare{from, 0,     step.weight, at::zeros_like(step.bias), 1, 1,
                            1,    false, nn::kNoValue};
    PackedConv conv(bare, device, use);
    return
        [conv, from, bias](const Values& v) { return nn::pool_bias_relu(conv.run(v[from]), bias); };
  }

  Run operator()(const nn::ScaleReluStep& step) const {
    const at::Tensor scale = step.scale.to(device), shift = step.shift.to(device);
    const nn::ValueId from = step.from;
    return [=](const Values& v) { return at::addcmul(shift, v[from], scale).relu_(); };
  }

  Run operator()(const nn::GateStep& step) const {
    return [step](const Values& v) {
      const at::Tensor gate = at::sigmoid(v[step.gate]).unsqueeze(2).unsqueeze(3);
      const at::Tensor y = at::addcmul(v[step.add], v[step.from], gate);
      return step.relu ? y.relu_() : y;
    };
  }

  Run operator()(const nn::PoolStep& step) const {
    return [step](const Values& v) { return pooled(v[step.from], step); };
  }

  Run operator()(const nn::MeanStep& step) const {
    return [from = step.from](const Values& v) { return v[from].mean({2, 3}); };
  }

  Run operator()(const nn::LinearStep& step) const {
    const at::Tensor weight = step.weight.to(device), bias = step.bias.to(device);
    return [=, from = step.from, relu = step.relu](const Values& v) {
      const at::Tensor y = at::linear(by_pixel(v[from]), weight, bias);
      return relu ? y.relu_() : y;
    };
  }
};

}  // namespace

struct FrozenNet::Stages {
  std::once_flag once;
  nn::LayerPlan plan;
  NetUse use;
  std::vector<Stage> made;
};

FrozenNet::FrozenNet(const model::Model& model, NetUse use)
    : device_(model.net->parameters().front().device()), stages_(std::make_shared<Stages>()) {
  const c10::InferenceMode inference(use != NetUse::gradients);
  stages_->plan = nn::plan_of(*model.net);
  stages_->use = use;
  if (device_.is_cpu() && use == NetUse::inference) cpu_ = CpuNet::of(model);
}

const std::vector<FrozenNet::Stage>& FrozenNet::stages() const {
  std::call_once(stages_->once, [this] {
    const c10::InferenceMode inference(stages_->use != NetUse::gradients);
    const nn::LayerPlan plan = std::exchange(stages_->plan, {});
    const std::vector<std::size_t> last = nn::last_readers(plan);
    for (std::size_t step = 0; step < plan.steps.size(); ++step) {
      Stage stage;
      bool overwrites = false;
      for (const nn::ValueId value : nn::inputs_of(plan.steps[step])) {
        if (value == nn::kNoValue || last[value] != step) continue;
        stage.dead_after.push_back(value);
        const auto* conv = std::get_if<nn::ConvStep>(&plan.steps[step]);
        // The faces are the caller's.
        const bool adds = conv != nullptr && conv->add == value && value != nn::kFaces;
        if (adds) overwrites = conv->from != value;
      }
      stage.run = std::visit(StageMaker{device_, stages_->use, overwrites}, plan.steps[step]);
      stage.narrow = is_narrow(plan, step);
      stages_->made.push_back(std::move(stage));
    }
  });
  return stages_->made;
}

at::Tensor FrozenNet::logits(const at::Tensor& faces) const {
  const c10::InferenceMode inference;
  if (cpu_ && faces.size(2) == cpu_->side()) return cpu_->logits(faces);
  const std::vector<Stage>& stages = this->stages();
  Values values(stages.size() + 1);
  values[nn::kFaces] = faces;
  for (std::size_t stage = 0; stage < stages.size(); ++stage) {
    values[stage + 1] = stages[stage].run(values);
    for (const nn::ValueId value : stages[stage].dead_after) values[value].reset();
  }
  return values.back();
}

FrozenNet::Insight FrozenNet::insight(const at::Tensor& faces, std::int64_t least_side) const {
  Values values = {faces};
  Insight insight{faces, {}};
  for (const Stage& stage : stages()) {
    values.push_back(stage.run(values));
    const at::Tensor& value = values.back();
    if (stage.narrow && value.dim() == 4 && value.size(2) >= least_side) insight.map = value;
  }
  insight.logits = values.back();
  return insight;
}

}  // namespace fer::infer
