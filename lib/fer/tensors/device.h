// Turns the option `device` into a LibTorch device.
#pragma once

#include <c10/core/Device.h>

#include <string>

namespace fer::tensors {

// "auto", "cpu", "cuda" or "cuda:N". @throws fer::Error for anything else, and for a GPU that is
// not there.
c10::Device resolve_device(const std::string& name);

}  // namespace fer::tensors
