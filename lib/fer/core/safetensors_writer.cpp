#include "fer/core/safetensors_writer.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "fer/core/error.h"

namespace fer {

namespace {

using nlohmann::json;

void put_in_file_order(std::vector<TensorBytes>& tensors) {
  std::sort(tensors.begin(), tensors.end(), [](const TensorBytes& a, const TensorBytes& b) {
    const std::size_t size = bytes_of(a.type), other = bytes_of(b.type);
    return size != other ? size > other : a.name < b.name;
  });
}

// Strictly: two names that differ in bytes that are not UTF-8 must not become one.
std::string dump(const json& header, const std::filesystem::path& path) {
  try {
    return header.dump();
  } catch (const json::exception&) {
    throw Error(path.string() + ": cannot be written: a name or its metadata is not UTF-8");
  }
}

std::string header_of(const std::filesystem::path& path,
                      const std::map<std::string, std::string>& metadata,
                      const std::vector<TensorBytes>& tensors) {
  json header = json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::size_t offset = 0;
  for (const TensorBytes& tensor : tensors) {
    const std::size_t end = offset + tensor.bytes.size();
    header[tensor.name] = {
        {"dtype", name_of(tensor.type)}, {"shape", tensor.shape}, {"data_offsets", {offset, end}}};
    offset = end;
  }
  std::string text = dump(header, path);
  text.resize((text.size() + 7) / 8 * 8, ' ');
  // Checked before the new file, which could not be read back, replaces another.
  if (text.size() > kMostSafetensorsHeader) {
    throw Error(path.string() + ": cannot be written: its header would have " +
                std::to_string(text.size()) + " bytes; " + std::to_string(kMostSafetensorsHeader) +
                " are allowed");
  }
  return text;
}

}  // namespace

void write_safetensors(const std::filesystem::path& path,
                       const std::map<std::string, std::string>& metadata,
                       std::vector<TensorBytes> tensors, Existing existing) {
  put_in_file_order(tensors);
  const std::string header = header_of(path, metadata, tensors);
  const std::uint64_t length = header.size();
  AtomicFile file(path);
  file.write({reinterpret_cast<const char*>(&length), sizeof(length)});
  file.write(header);
  for (const TensorBytes& tensor : tensors) file.write(tensor.bytes);
  file.commit(existing);
}

}  // namespace fer
