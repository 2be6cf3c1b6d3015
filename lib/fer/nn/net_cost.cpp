#include "fer/nn/net_cost.h"

#include <ATen/Functions.h>
#include <ATen/record_function.h>
#include <torch/utils.h>

#include <memory>
#include <string_view>

#include "fer/core/face.h"

namespace fer {

namespace {

// The counts of the network that is being run on this thread.
thread_local NetCost* counted = nullptr;

struct Layer final : at::ObserverContext {
  std::int64_t filter = 0;  // multiply-adds of one element that comes out
};

// Every element that a layer puts out is a dot product as long as a filter: conv2d(input, weight, …)
// has filters [O,I,3,3], and a linear layer is addmm(bias, input, weight).
std::unique_ptr<at::ObserverContext> begin_call(const at::RecordFunction& call) {
  const std::string_view name = call.name();
  const bool convolution = name == "aten::conv2d";
  if (counted == nullptr || (!convolution && name != "aten::addmm")) return nullptr;
  const at::Tensor& second = call.inputs()[1].toTensor();
  auto layer = std::make_unique<Layer>();
  layer->filter = convolution ? second.numel() / second.size(0) : second.size(1);
  return layer;
}

void end_call(const at::RecordFunction& call, at::ObserverContext* context) {
  if (context == nullptr) return;
  const std::int64_t elements = call.outputs()[0].toTensor().numel();
  counted->multiply_adds += elements * static_cast<Layer*>(context)->filter;
  counted->activations += elements;
}

class Counting {
 public:
  explicit Counting(NetCost& cost) {
    counted = &cost;
    handle_ = at::addThreadLocalCallback(at::RecordFunctionCallback(begin_call, end_call)
                                             .needsInputs(true)
                                             .needsOutputs(true)
                                             .scopes({at::RecordScope::FUNCTION}));
  }
  ~Counting() {
    at::removeCallback(handle_);
    counted = nullptr;
  }
  Counting(const Counting&) = delete;
  Counting& operator=(const Counting&) = delete;

 private:
  at::CallbackHandle handle_;
};

}  // namespace

NetCost measure_cost(Classifier& net) {
  NetCost cost;
  cost.parameters = net.parameter_count();
  const torch::NoGradGuard no_grad;
  const bool was_training = net.is_training();
  net.eval();
  // In double every layer is an operator of LibTorch's, none a kernel of our own.
  net.to(at::kDouble);
  const at::Device device = net.parameters().front().device();
  const at::Tensor face =
      at::zeros({1, 1, kFaceSide, kFaceSide}, at::TensorOptions(at::kDouble).device(device));
  {
    const Counting counting(cost);
    net.forward(face);
  }
  net.to(at::kFloat);
  net.train(was_training);
  return cost;
}

}  // namespace fer
