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

// N of "cuda:N"; 0 of the other names.
int index_of(const std::string& name) {
  if (name == "auto" || name == "cpu" || name == "cuda") return 0;
  constexpr std::string_view kPrefix = "cuda:";
  const auto index = name.starts_with(kPrefix)
                         ? to_number<int>(std::string_view(name).substr(kPrefix.size()))
                         : std::nullopt;
  if (index && *index >= 0) return *index;
  throw OptionError("device", quote(name), "allowed are auto, cpu, cuda and cuda:N");
}

}  // namespace

void check_device_name(const std::string& name) { index_of(name); }

c10::Device resolve_device(const std::string& name) {
  const int index = index_of(name);
  const bool on_cpu = name == "cpu" || (name == "auto" && !torch::cuda::is_available());
  return on_cpu ? c10::Device(c10::kCPU) : cuda_device(name, index);
}

}  // namespace fer::tensors
