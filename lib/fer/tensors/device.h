// Turns the option `device` into a LibTorch device.
#pragma once

#include <c10/core/Device.h>

#include <string>

namespace fer::tensors {

// @throws fer::OptionError for anything else than "auto", "cpu", "cuda" and "cuda:N".
void check_device_name(const std::string& name);

// @throws fer::OptionError as check_device_name() does, and for a missing GPU.
c10::Device resolve_device(const std::string& name);

}  // namespace fer::tensors
