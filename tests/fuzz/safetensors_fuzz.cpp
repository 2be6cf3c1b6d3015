// Any safetensors file, its numbers included.
#include "fer/core/safetensors_file.h"
#include "fuzz/fuzz_target.h"

namespace fer::fuzz {

namespace {

bool has_floats(StoredType type) {
  return type == StoredType::f64 || type == StoredType::f32 || type == StoredType::f16 ||
         type == StoredType::bf16;
}

// Every byte of a tensor, so that one outside the file is seen.
void read_tensor(const SafetensorsFile& file, const StoredTensor& tensor) {
  const std::string_view bytes = file.bytes(tensor);
  require(bytes.size() == tensor.end - tensor.begin, "a tensor has the bytes that it says");
  require(std::string(bytes).size() == bytes.size(), "they can be read");
  if (!has_floats(tensor.type)) return;
  const auto count = static_cast<std::int64_t>(file.floats(tensor).size());
  require(count == tensor.count(), "a tensor has the numbers that it says");
}

}  // namespace

void safetensors(std::string_view bytes) {
  read_file_of(bytes, [](const std::filesystem::path& path) {
    const bool looks_so = starts_like_safetensors(path);
    const SafetensorsFile file(path);
    require(looks_so || file.tensors().empty(), "a file that can be read starts like one");
    for (const StoredTensor& tensor : file.tensors()) {
      may_refuse(file.path(), [&] { read_tensor(file, tensor); });
    }
  });
}

}  // namespace fer::fuzz
