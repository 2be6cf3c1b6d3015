#include "fer/tensors/safetensors.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/files.h"

namespace fer::tensors {

namespace {

using nlohmann::json;

struct TypePair {
  StoredType stored;
  at::ScalarType type;
};

constexpr std::array<TypePair, 9> kScalarTypes = {{
    {StoredType::f64, at::kDouble},
    {StoredType::f32, at::kFloat},
    {StoredType::f16, at::kHalf},
    {StoredType::bf16, at::kBFloat16},
    {StoredType::i64, at::kLong},
    {StoredType::i32, at::kInt},
    {StoredType::i8, at::kChar},
    {StoredType::u8, at::kByte},
    {StoredType::boolean, at::kBool},
}};

at::ScalarType type_of(StoredType stored) {
  return kScalarTypes[static_cast<std::size_t>(stored)].type;
}

std::string name_of(at::ScalarType type) {
  for (const TypePair& pair : kScalarTypes) {
    if (pair.type == type) return std::string(name_of(pair.stored));
  }
  throw Error(std::string("tensors of type ") + at::toString(type) +
              " cannot be stored as safetensors");
}

at::Tensor copy_of(const SafetensorsFile& file, const StoredTensor& stored) {
  const std::string_view bytes = file.bytes(stored);
  at::Tensor tensor = at::empty(stored.shape, type_of(stored.type));
  if (!bytes.empty()) std::memcpy(tensor.mutable_data_ptr(), bytes.data(), bytes.size());
  return tensor;
}

at::Tensor view_of(const SafetensorsFile& file, const StoredTensor& stored) {
  const std::string_view bytes = file.bytes(stored);
  const auto address = reinterpret_cast<std::uintptr_t>(bytes.data());
  if (bytes.empty() || address % bytes_of(stored.type) != 0) return copy_of(file, stored);
  // LibTorch has no tensors over constant data; the pages are read-only all the same.
  auto* data = const_cast<char*>(bytes.data());
  return at::from_blob(
      data, stored.shape, [map = file.mapping()](void*) mutable { map.reset(); },
      at::TensorOptions(type_of(stored.type)));
}

struct Entry {
  std::string name;
  at::Tensor tensor;
};

// Larger elements first, so that each tensor's data is aligned to its own element size.
std::vector<Entry> in_file_order(const std::map<std::string, at::Tensor>& tensors) {
  std::vector<Entry> entries;
  for (const auto& [name, tensor] : tensors) {
    entries.push_back({name, tensor.detach().to(at::kCPU).contiguous()});
  }
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.tensor.element_size() > b.tensor.element_size();
  });
  return entries;
}

// Strictly: two names that differ in bytes that are no UTF-8 must not become one.
std::string dump(const json& header, const std::filesystem::path& path) {
  try {
    return header.dump();
  } catch (const json::exception&) {
    throw Error(path.string() + ": cannot be written: a name or its metadata is not UTF-8");
  }
}

}  // namespace

Safetensors copy_tensors(const SafetensorsFile& file) {
  Safetensors content{file.metadata(), {}};
  for (const StoredTensor& stored : file.tensors()) {
    content.tensors[stored.name] = copy_of(file, stored);
  }
  return content;
}

Safetensors read_safetensors(const std::filesystem::path& path) {
  return copy_tensors(SafetensorsFile(path));
}

Safetensors map_safetensors(const std::filesystem::path& path) {
  const SafetensorsFile file(path);
  Safetensors content{file.metadata(), {}};
  for (const StoredTensor& stored : file.tensors()) {
    content.tensors[stored.name] = view_of(file, stored);
  }
  return content;
}

void write_safetensors(const std::filesystem::path& path, const Safetensors& content) {
  const std::vector<Entry> entries = in_file_order(content.tensors);
  json header = json::object();
  if (!content.metadata.empty()) header["__metadata__"] = content.metadata;
  std::size_t offset = 0;
  for (const Entry& entry : entries) {
    const std::size_t end = offset + entry.tensor.nbytes();
    header[entry.name] = {{"dtype", name_of(entry.tensor.scalar_type())},
                          {"shape", entry.tensor.sizes().vec()},
                          {"data_offsets", {offset, end}}};
    offset = end;
  }
  std::string text = dump(header, path);
  text.resize((text.size() + 7) / 8 * 8, ' ');
  // Before anything is replaced by a file that could not be read back.
  if (text.size() > kMostSafetensorsHeader) {
    throw Error(path.string() + ": cannot be written: its header would have " +
                std::to_string(text.size()) + " bytes; " + std::to_string(kMostSafetensorsHeader) +
                " are allowed");
  }
  const std::uint64_t length = text.size();
  AtomicFile file(path);
  file.write({reinterpret_cast<const char*>(&length), sizeof(length)});
  file.write(text);
  for (const Entry& entry : entries) {
    file.write({static_cast<const char*>(entry.tensor.const_data_ptr()), entry.tensor.nbytes()});
  }
  file.commit();
}

}  // namespace fer::tensors
