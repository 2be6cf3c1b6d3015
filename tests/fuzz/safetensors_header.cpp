#include "fuzz/safetensors_header.h"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>

namespace fer::fuzz {

namespace {

constexpr std::size_t kMostData = 4 << 20;

// The last byte that a tensor claims.
std::size_t data_bytes(std::string_view header) {
  const auto json = nlohmann::json::parse(header, nullptr, /*allow_exceptions=*/false);
  std::size_t most = 0;
  if (!json.is_object()) return most;
  for (const auto& tensor : json) {
    if (!tensor.is_object() || !tensor.contains("data_offsets")) continue;
    const auto& offsets = tensor["data_offsets"];
    if (!offsets.is_array() || offsets.size() != 2 || !offsets[1].is_number_unsigned()) continue;
    most = std::max(most, offsets[1].get<std::size_t>());
  }
  return std::min(most, kMostData);
}

}  // namespace

std::string safetensors_of(std::string_view header, std::string_view data) {
  const std::uint64_t length = header.size();
  std::string file(reinterpret_cast<const char*>(&length), sizeof(length));
  file += header;
  const std::size_t end = file.size() + data_bytes(header);
  while (file.size() < end) file += data;
  file.resize(end);
  return file;
}

}  // namespace fer::fuzz
