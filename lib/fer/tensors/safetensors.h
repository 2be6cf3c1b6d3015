// Reads safetensors files into LibTorch's tensors (by core/safetensors_file.h), and writes them.
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

// read_safetensors() for an open file.
Safetensors copy_tensors(const SafetensorsFile& file);

// The file is complete or absent. Tensors may have any strides and device. @throws fer::Error if it
// cannot be written.
void write_safetensors(const std::filesystem::path& path, const Safetensors& content);

}  // namespace fer::tensors
