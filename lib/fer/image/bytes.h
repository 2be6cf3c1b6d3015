// Integers at any offset of an untrusted file.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fer::image {

// Bytes behind the end read as zero, which no caller takes for a usable size.
class Bytes {
 public:
  explicit Bytes(std::string_view data) : data_(data) {}

  std::uint32_t at(std::size_t offset) const {
    return offset < data_.size() ? static_cast<unsigned char>(data_[offset]) : 0;
  }
  std::uint32_t big16(std::size_t offset) const { return at(offset) << 8 | at(offset + 1); }
  std::uint32_t big32(std::size_t offset) const { return big16(offset) << 16 | big16(offset + 2); }
  std::uint32_t little16(std::size_t offset) const { return at(offset) | at(offset + 1) << 8; }
  std::uint32_t little24(std::size_t offset) const {
    return little16(offset) | at(offset + 2) << 16;
  }
  std::uint32_t little32(std::size_t offset) const {
    return little16(offset) | little16(offset + 2) << 16;
  }
  bool has(std::string_view text, std::size_t offset) const {
    return offset <= data_.size() && data_.substr(offset).starts_with(text);
  }
  std::size_t size() const { return data_.size(); }
  std::string_view from(std::size_t offset) const {
    return data_.substr(std::min(offset, data_.size()));
  }

 private:
  std::string_view data_;
};

}  // namespace fer::image
