// Safetensors files (github.com/huggingface/safetensors, format 1): an 8-byte header length, a JSON
// header, then raw little-endian tensor data. Nothing in such a file is ever executed.
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <map>
#include <string>

namespace fer::tensors {

struct Safetensors {
  std::map<std::string, std::string> metadata;  // the header's __metadata__
  std::map<std::string, at::Tensor> tensors;    // contiguous, CPU
};

// Every size is checked against the file before anything is allocated.
// @throws fer::Error that names the file and what is wrong with it: shorter than its header says,
// header that is no JSON object of the expected shape, unknown dtype, offsets outside the data,
// shape that does not fit its bytes.
Safetensors read_safetensors(const std::filesystem::path& path);

// The same without copying: the tensors are read-only views that keep the file mapped for as long
// as one of them lives. Writing to such a tensor ends the program, and so does reading it after
// another program has cut the file short. A tensor whose data is not aligned to its elements is a
// copy.
// @throws fer::Error as read_safetensors does.
Safetensors map_safetensors(const std::filesystem::path& path);

// Whether the file starts as every safetensors file does: a plausible header length, then `{`.
bool starts_like_safetensors(const std::filesystem::path& path);

// Complete or absent. Tensors may have any strides and device. @throws fer::Error where the file
// cannot be written.
void write_safetensors(const std::filesystem::path& path, const Safetensors& content);

}  // namespace fer::tensors
