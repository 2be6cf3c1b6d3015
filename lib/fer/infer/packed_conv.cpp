#include "fer/infer/packed_conv.h"

#include <ATen/Context.h>
#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <ATen/core/List.h>
#include <ATen/core/dispatch/Dispatcher.h>

#include <array>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace fer::infer {

namespace {

using Sizes = at::IntArrayRef;
using Scalars = c10::List<std::optional<at::Scalar>>;
using Word = std::optional<std::string_view>;
using Bias = std::optional<at::Tensor>;

// oneDNN's operators, as LibTorch registers them for its own compiler. They have no C++ header.
using Pack = at::Tensor(const at::Tensor&, Sizes, Sizes, Sizes, std::int64_t,
                        at::OptionalIntArrayRef);
using RunPacked = at::Tensor(const at::Tensor&, const at::Tensor&, const Bias&, Sizes, Sizes, Sizes,
                             std::int64_t, std::string_view, Scalars, Word);
using RunBinary = at::Tensor(const at::Tensor&, const at::Tensor&, const at::Tensor&, const Bias&,
                             Sizes, Sizes, Sizes, std::int64_t, std::string_view,
                             std::optional<at::Scalar>, Word, Scalars, Word);
using RunBinaryInPlace = at::Tensor&(at::Tensor&, const at::Tensor&, const at::Tensor&, const Bias&,
                                     Sizes, Sizes, Sizes, std::int64_t, std::string_view,
                                     std::optional<at::Scalar>, Word, Scalars, Word);

struct Operators {
  c10::TypedOperatorHandle<Pack> pack;
  c10::TypedOperatorHandle<RunPacked> run;
  c10::TypedOperatorHandle<RunBinary> run_binary;
  c10::TypedOperatorHandle<RunBinaryInPlace> run_binary_in_place;
};

template <typename Function>
c10::TypedOperatorHandle<Function> find(const char* name, const char* overload) {
  return c10::Dispatcher::singleton().findSchemaOrThrow(name, overload).typed<Function>();
}

std::optional<Operators> find_operators() {
  const bool there = at::hasMKLDNN() && c10::Dispatcher::singleton()
                                            .findSchema({"mkldnn::_reorder_convolution_weight", ""})
                                            .has_value();
  if (!there) return std::nullopt;
  return Operators{find<Pack>("mkldnn::_reorder_convolution_weight", ""),
                   find<RunPacked>("mkldnn::_convolution_pointwise", ""),
                   find<RunBinary>("mkldnn::_convolution_pointwise", "binary"),
                   find<RunBinaryInPlace>("mkldnn::_convolution_pointwise_", "binary")};
}

const std::optional<Operators>& operators() {
  static const std::optional<Operators> found = find_operators();
  return found;
}

constexpr std::array<std::int64_t, 2> kDilation = {1, 1};

// More shapes than these mean that a caller has batches of all sizes: the oldest packing is
// dropped.
constexpr std::size_t kMostPackings = 8;

}  // namespace

// Weights packed for another shape would be packed anew at every call.
class PackedConv::Packings {
 public:
  template <typename Pack>
  at::Tensor find(const InputShape& shape, const Pack& pack) {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const auto& [known, weight] : made_) {
      if (known == shape) return weight;
    }
    if (made_.size() == kMostPackings) made_.erase(made_.begin());
    made_.emplace_back(shape, pack());
    return made_.back().second;
  }

 private:
  std::mutex mutex_;
  std::vector<std::pair<InputShape, at::Tensor>> made_;
};

PackedConv::PackedConv(const nn::ConvStep& step, at::Device device, NetUse use)
    : weight_(step.weight.to(device).contiguous(at::MemoryFormat::ChannelsLast)),
      bias_(step.bias.to(device)),
      stride_(step.stride),
      padding_(step.padding),
      groups_(step.groups),
      relu_(step.relu) {
  const bool packs = device.is_cpu() && use != NetUse::gradients && operators();
  if (packs) packings_ = std::make_shared<Packings>();
}

at::Tensor PackedConv::packed_for(const at::Tensor& x) const {
  return packings_->find({x.size(0), x.size(2), x.size(3), at::get_num_threads()}, [&] {
    return operators()->pack.call(weight_, {padding_, padding_}, {stride_, stride_}, kDilation,
                                  groups_, x.sizes());
  });
}

at::Tensor PackedConv::plain(const at::Tensor& x) const {
  return at::conv2d(x, weight_, bias_, stride_, padding_, 1, groups_);
}

at::Tensor PackedConv::run(const at::Tensor& x) const {
  if (packings_) {
    return operators()->run.call(x, packed_for(x), bias_, {padding_, padding_}, {stride_, stride_},
                                 kDilation, groups_, relu_ ? "relu" : "none", Scalars(), Word());
  }
  const at::Tensor y = plain(x);
  return relu_ ? y.relu_() : y;
}

at::Tensor PackedConv::run_onto(const at::Tensor& x, const at::Tensor& other,
                                bool may_overwrite) const {
  if (!packings_) {
    const at::Tensor y = plain(x).add_(other);
    return relu_ ? y.relu_() : y;
  }
  const at::Tensor weight = packed_for(x);
  const Word then = relu_ ? Word("relu") : Word();
  if (may_overwrite) {
    at::Tensor sum = other;
    operators()->run_binary_in_place.call(sum, x, weight, bias_, {padding_, padding_},
                                          {stride_, stride_}, kDilation, groups_, "add", 1.0, then,
                                          Scalars(), Word());
    return sum;
  }
  return operators()->run_binary.call(x, other, weight, bias_, {padding_, padding_},
                                      {stride_, stride_}, kDilation, groups_, "add", 1.0, then,
                                      Scalars(), Word());
}

}  // namespace fer::infer
