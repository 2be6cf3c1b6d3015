// Safetensors files as LibTorch's tensors: what core/safetensors_file.h reads, copied; and how
// they are written.
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <map>
#include <string>

#include "fer/core/safetensors_file.h"

namespace fer::tensors {

struct Safetensors {
  std::map<std::string, std::string> metadata;  // the header's __metadata__
  std::map<std::string, at::Tensor> tensors;    // contiguous, CPU
};

at::ScalarType type_of(StoredType stored);

// @throws fer::Error as SafetensorsFile does.
Safetensors read_safetensors(const std::filesystem::path& path);

// The same of a file that is open already.
Safetensors copy_tensors(const SafetensorsFile& file);

// Complete or absent. Tensors may have any strides and device. @throws fer::Error where the file
// cannot be written.
void write_safetensors(const std::filesystem::path& path, const Safetensors& content);

}  // namespace fer::tensors
