// Safetensors files as LibTorch's tensors: what core/safetensors_file.h reads, copied or mapped;
// and how they are written.
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

// The same without copying: the tensors are read-only views that keep the file mapped for as long
// as one of them lives. Writing to such a tensor ends the program, and so does reading it after
// another program has cut the file short. A tensor whose data is not aligned to its elements is a
// copy.
// @throws fer::Error as read_safetensors does.
Safetensors map_safetensors(const std::filesystem::path& path);

// Complete or absent. Tensors may have any strides and device. @throws fer::Error where the file
// cannot be written.
void write_safetensors(const std::filesystem::path& path, const Safetensors& content);

}  // namespace fer::tensors
