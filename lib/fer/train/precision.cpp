#include "fer/train/precision.h"

#include <ATen/Context.h>
#include <ATen/Functions.h>
#include <ATen/autocast_mode.h>

#include "fer/core/option_error.h"
#include "fer/core/processor.h"

namespace fer::train {

namespace {

constexpr double kFirstScale = 65536.0;
constexpr double kGrowth = 2.0;
constexpr double kBackoff = 0.5;
constexpr std::int64_t kGrowthInterval = 2000;

}  // namespace

MixedPrecision resolve_precision(MixedPrecision wanted, c10::Device device) {
  if (wanted == MixedPrecision::fp16 && device.is_cpu()) {
    throw OptionError("amp", "fp16", "needs a GPU; allowed on a CPU: off, bf16, auto");
  }
  if (wanted != MixedPrecision::automatic) return wanted;
  const bool emulated = device.is_cpu() && !processor_has_bf16();
  return emulated ? MixedPrecision::off : MixedPrecision::bf16;
}

ReducedPrecision::ReducedPrecision(MixedPrecision precision, c10::DeviceType device)
    : device_(device), on_(precision != MixedPrecision::off) {
  if (!on_) return;
  was_on_ = at::autocast::is_autocast_enabled(device_);
  was_type_ = at::autocast::get_autocast_dtype(device_);
  at::autocast::increment_nesting();
  at::autocast::set_autocast_enabled(device_, true);
  at::autocast::set_autocast_dtype(device_,
                                   precision == MixedPrecision::fp16 ? at::kHalf : at::kBFloat16);
}

ReducedPrecision::~ReducedPrecision() {
  if (!on_) return;
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  at::autocast::set_autocast_enabled(device_, was_on_);
  at::autocast::set_autocast_dtype(device_, was_type_);
}

LossScale::LossScale(bool on, c10::Device device) : on_(on) {
  if (!on_) return;
  scale_ = at::full({1}, kFirstScale, at::TensorOptions(at::kFloat).device(device));
  growth_ = at::zeros({1}, at::TensorOptions(at::kInt).device(device));
}

at::Tensor LossScale::scaled(const at::Tensor& loss) const {
  return on_ ? loss * scale_.squeeze(0) : loss;
}

bool LossScale::unscale(const std::vector<at::Tensor>& parameters) {
  if (!on_) return true;
  std::vector<at::Tensor> gradients;
  for (const at::Tensor& parameter : parameters) gradients.push_back(parameter.grad());
  at::Tensor infinite = at::zeros_like(scale_);
  at::_amp_foreach_non_finite_check_and_unscale_(gradients, infinite, scale_.reciprocal());
  at::_amp_update_scale_(scale_, growth_, infinite, kGrowth, kBackoff, kGrowthInterval);
  if (infinite.item<float>() == 0.0F) return true;
  for (at::Tensor parameter : parameters) parameter.mutable_grad().reset();
  return false;
}

std::vector<at::Tensor> LossScale::state() const {
  return on_ ? std::vector<at::Tensor>{scale_, growth_} : std::vector<at::Tensor>{};
}

}  // namespace fer::train
