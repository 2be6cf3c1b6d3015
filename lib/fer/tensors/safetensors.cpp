#include "fer/tensors/safetensors.h"

#include <ATen/Functions.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/safetensors_writer.h"

namespace fer::tensors {

namespace {

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

StoredType stored_type_of(at::ScalarType type) {
  for (const TypePair& pair : kScalarTypes) {
    if (pair.type == type) return pair.stored;
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

}  // namespace

at::ScalarType type_of(StoredType stored) {
  return kScalarTypes[static_cast<std::size_t>(stored)].type;
}

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

void write_safetensors(const std::filesystem::path& path, const Safetensors& content) {
  std::vector<at::Tensor> dense;  // own the bytes that are written
  std::vector<TensorBytes> tensors;
  for (const auto& [name, tensor] : content.tensors) {
    const at::Tensor& own = dense.emplace_back(tensor.detach().to(at::kCPU).contiguous());
    tensors.push_back({name,
                       stored_type_of(own.scalar_type()),
                       own.sizes().vec(),
                       {static_cast<const char*>(own.const_data_ptr()), own.nbytes()}});
  }
  fer::write_safetensors(path, content.metadata, std::move(tensors));
}

}  // namespace fer::tensors
