#include "fer/tensors/device.h"

#include <torch/cuda.h>

#include "fer/core/number.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"

namespace fer::tensors {

namespace {

c10::Device cuda_device(const std::string& name, int index) {
  const auto count = static_cast<int>(torch::cuda::device_count());
  if (index >= count) {
    throw OptionError("device", name,
                      "this machine and LibTorch build have " + std::to_string(count) +
                          " CUDA devices; allowed: auto, cpu" +
                          (count > 0 ? ", cuda:0 to cuda:" + std::to_string(count - 1) : ""));
  }
  return {c10::kCUDA, static_cast<c10::DeviceIndex>(index)};
}

}  // namespace

c10::Device resolve_device(const std::string& name) {
  if (name == "cpu") return c10::kCPU;
  if (name == "auto") return torch::cuda::is_available() ? cuda_device(name, 0) : c10::kCPU;
  if (name == "cuda") return cuda_device(name, 0);
  constexpr std::size_t kPrefix = 5;  // "cuda:"
  const auto index = name.starts_with("cuda:")
                         ? to_number<int>(std::string_view(name).substr(kPrefix))
                         : std::nullopt;
  if (!index || *index < 0) {
    throw OptionError("device", quote(name), "allowed are auto, cpu, cuda and cuda:N");
  }
  return cuda_device(name, *index);
}

}  // namespace fer::tensors
