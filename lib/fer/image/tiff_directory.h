// The first directory of a TIFF structure (TIFF 6.0), which EXIF blocks are, too: a byte order, and
// an offset to entries of 12 bytes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "fer/image/bytes.h"

namespace fer::image {

// Never reads outside the block; bytes behind its end count as zero.
class TiffDirectory {
 public:
  enum class Type : std::uint32_t { byte = 1, short_number = 3, long_number = 4 };

  explicit TiffDirectory(std::string_view block)
      : bytes_(block), little_(bytes_.has(std::string_view("II*\0", 4), 0)) {
    is_tiff_ = little_ || bytes_.has(std::string_view("MM\0*", 4), 0);
    if (!is_tiff_) return;
    directory_ = number32(4);
    count_ = number16(directory_);
  }

  bool is_tiff() const { return is_tiff_; }
  bool is_little() const { return little_; }
  std::size_t count() const { return count_; }  // of entries; at most 65535
  std::size_t entry(std::size_t i) const { return directory_ + 2 + i * 12; }
  bool has_entry(std::size_t i) const { return entry(i) + 12 <= bytes_.size(); }

  std::uint32_t tag(std::size_t i) const { return number16(entry(i)); }
  bool is(std::size_t i, Type type) const {
    return number16(entry(i) + 2) == static_cast<std::uint32_t>(type);
  }
  // Whether the entry has one value; several values lie at an offset that the entry holds.
  bool is_single(std::size_t i) const { return number32(entry(i) + 4) == 1; }
  std::uint32_t value(std::size_t i) const {
    if (is(i, Type::byte)) return bytes_.at(entry(i) + 8);
    return is(i, Type::short_number) ? number16(entry(i) + 8) : number32(entry(i) + 8);
  }

 private:
  std::uint32_t number16(std::size_t at) const {
    return little_ ? bytes_.little16(at) : bytes_.big16(at);
  }
  std::uint32_t number32(std::size_t at) const {
    return little_ ? bytes_.little32(at) : bytes_.big32(at);
  }

  Bytes bytes_;
  bool little_;
  bool is_tiff_ = false;
  std::size_t directory_ = 0;
  std::size_t count_ = 0;
};

}  // namespace fer::image
