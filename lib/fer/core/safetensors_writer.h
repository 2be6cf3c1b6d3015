// Writes safetensors files; core/safetensors_file.h reads them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "fer/core/atomic_file.h"
#include "fer/core/safetensors_file.h"

namespace fer {

// A tensor to write; the bytes are the caller's.
struct TensorBytes {
  std::string name;
  StoredType type = StoredType::f32;
  std::vector<std::int64_t> shape;
  std::string_view bytes;
};

// The layout of a file.
struct SafetensorsLayout {
  std::string start;                  // the bytes before the data: the header and its length
  std::vector<StoredTensor> tensors;  // by their place in the data
  std::size_t size = 0;               // of the whole file

  // The place of a tensor in the file.
  std::size_t offset_of(std::string_view name) const;
};

// The layout of a file that is written in parts: of tensors without bytes, whose `begin` and `end`
// are ignored. @throws fer::Error as write_safetensors does.
SafetensorsLayout safetensors_layout(const std::filesystem::path& path,
                                     const std::map<std::string, std::string>& metadata,
                                     std::vector<StoredTensor> tensors);

// The file is complete or absent. Tensors are sorted by the size of an element, largest first, then
// by name: each tensor's data is then aligned to its own elements. @throws fer::Error where the
// file cannot be written, exists and must be kept, or could not be read back: a name that is not
// UTF-8, or a header that is too long.
void write_safetensors(const std::filesystem::path& path,
                       const std::map<std::string, std::string>& metadata,
                       std::vector<TensorBytes> tensors, Existing existing = Existing::replaced);

}  // namespace fer
