#include "fer/core/safetensors_writer.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "fer/core/error.h"

namespace fer {

namespace {

using nlohmann::json;

// In strict mode: two names that differ in bytes that are not UTF-8 must not become one.
std::string dump(const json& header, const std::filesystem::path& path) {
  try {
    return header.dump();
  } catch (const json::exception&) {
    throw Error(path.string() + ": cannot be written: a name or its metadata is not UTF-8");
  }
}

std::size_t bytes_needed_by(const StoredTensor& tensor) {
  std::size_t bytes = bytes_of(tensor.type);
  for (const std::int64_t extent : tensor.shape) bytes *= static_cast<std::size_t>(extent);
  return bytes;
}

// Sorts by size of an element, then by name, and sets the offsets.
void put_in_file_order(std::vector<StoredTensor>& tensors) {
  std::sort(tensors.begin(), tensors.end(), [](const StoredTensor& a, const StoredTensor& b) {
    const std::size_t size = bytes_of(a.type), other = bytes_of(b.type);
    return size != other ? size > other : a.name < b.name;
  });
  std::size_t offset = 0;
  for (StoredTensor& tensor : tensors) {
    tensor.begin = offset;
    offset = tensor.end = offset + bytes_needed_by(tensor);
  }
}

std::string header_of(const std::filesystem::path& path,
                      const std::map<std::string, std::string>& metadata,
                      const std::vector<StoredTensor>& tensors) {
  json header = json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  for (const StoredTensor& tensor : tensors) {
    header[tensor.name] = {{"dtype", name_of(tensor.type)},
                           {"shape", tensor.shape},
                           {"data_offsets", {tensor.begin, tensor.end}}};
  }
  std::string text = dump(header, path);
  text.resize((text.size() + 7) / 8 * 8, ' ');
  // Checked first, because a file with a longer header could not be read back.
  if (text.size() > kMostSafetensorsHeader) {
    throw Error(path.string() + ": cannot be written: its header would have " +
                std::to_string(text.size()) + " bytes; " + std::to_string(kMostSafetensorsHeader) +
                " are allowed");
  }
  return text;
}

}  // namespace

std::size_t SafetensorsLayout::offset_of(std::string_view name) const {
  for (const StoredTensor& tensor : tensors) {
    if (tensor.name == name) return start.size() + tensor.begin;
  }
  throw std::logic_error("no tensor of that name");
}

SafetensorsLayout safetensors_layout(const std::filesystem::path& path,
                                     const std::map<std::string, std::string>& metadata,
                                     std::vector<StoredTensor> tensors) {
  put_in_file_order(tensors);
  const std::string header = header_of(path, metadata, tensors);
  const std::uint64_t length = header.size();
  SafetensorsLayout layout;
  layout.start.assign(reinterpret_cast<const char*>(&length), sizeof(length));
  layout.start += header;
  layout.size = layout.start.size() + (tensors.empty() ? 0 : tensors.back().end);
  layout.tensors = std::move(tensors);
  return layout;
}

void write_safetensors(const std::filesystem::path& path,
                       const std::map<std::string, std::string>& metadata,
                       std::vector<TensorBytes> tensors, Existing existing) {
  std::vector<StoredTensor> described;
  std::map<std::string_view, std::string_view> bytes;
  for (const TensorBytes& tensor : tensors) {
    described.push_back({tensor.name, tensor.type, tensor.shape});
    bytes[tensor.name] = tensor.bytes;
  }
  const SafetensorsLayout layout = safetensors_layout(path, metadata, std::move(described));
  AtomicFile file(path);
  file.write(layout.start);
  for (const StoredTensor& tensor : layout.tensors) file.write(bytes.at(tensor.name));
  file.commit(existing);
}

}  // namespace fer
