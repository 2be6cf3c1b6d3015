// The size of a PNG, from its header.
#pragma once

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "fer/core/files.h"

namespace fer::test {

struct PngSize {
  std::uint32_t width = 0;
  std::uint32_t height = 0;

  bool operator==(const PngSize&) const = default;
};

inline PngSize png_size(const std::filesystem::path& path) {
  const std::string bytes = read_file(path, 100u << 20);
  const std::string start("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
  if (bytes.size() < 24 || !bytes.starts_with(start)) {
    throw std::runtime_error(path.string() + " is no PNG");
  }
  const auto number = [&](std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = at; i < at + 4; ++i) {
      value = value << 8 | static_cast<std::uint8_t>(bytes[i]);
    }
    return value;
  };
  return {number(16), number(20)};
}

}  // namespace fer::test
