// Copies numbers from the host's memory to a device.
#pragma once

#include <ATen/Functions.h>
#include <ATen/core/Tensor.h>

#include <vector>

namespace fer::tensors {

// The tensor on `device`. A copy to a GPU goes through pinned memory, so that the host need not
// wait until the GPU has finished earlier work.
inline at::Tensor to_device(const at::Tensor& tensor, at::Device device) {
  if (device.is_cpu() || !tensor.device().is_cpu()) return tensor.to(device);
  return tensor.pin_memory().to(device, /*non_blocking=*/true);
}

// The numbers of a vector as a tensor of one dimension on `device`.
template <typename Number>
at::Tensor to_device(const std::vector<Number>& values, at::Device device) {
  return to_device(at::tensor(values), device);
}

}  // namespace fer::tensors
