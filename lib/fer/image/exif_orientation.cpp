#include "fer/image/exif_orientation.h"

#include <opencv2/core.hpp>
#include <optional>

#include "fer/image/bytes.h"

namespace fer {

namespace {

using std::size_t;
using std::string_view;

constexpr int kUpright = 1;

// A TIFF structure (TIFF 6.0), which EXIF blocks are, too: a byte order, and an offset to a directory of
// entries of 12 bytes.
class TiffDirectory {
 public:
  explicit TiffDirectory(string_view block)
      : bytes_(block), little_(bytes_.has(string_view("II*\0", 4), 0)) {
    if (!little_ && !bytes_.has(string_view("MM\0*", 4), 0)) return;
    directory_ = number32(4);
    count_ = number16(directory_);
  }

  bool is_little() const { return little_; }
  size_t count() const { return count_; }
  size_t entry(size_t i) const { return directory_ + 2 + i * 12; }
  bool is_orientation(size_t i) const {
    constexpr std::uint32_t kOrientation = 0x0112;
    return entry(i) + 12 <= bytes_.size() && number16(entry(i)) == kOrientation;
  }

  int orientation() const {
    for (size_t i = 0; i < count_; ++i) {
      if (is_orientation(i)) return value(entry(i));
    }
    return kUpright;
  }

 private:
  std::uint32_t number16(size_t at) const {
    return little_ ? bytes_.little16(at) : bytes_.big16(at);
  }
  std::uint32_t number32(size_t at) const {
    return little_ ? bytes_.little32(at) : bytes_.big32(at);
  }

  int value(size_t at) const {
    constexpr std::uint32_t kByte = 1, kShort = 3, kLong = 4;
    const std::uint32_t type = number16(at + 2);
    std::uint32_t number = 0;
    if (type == kByte) number = bytes_.at(at + 8);
    if (type == kShort) number = number16(at + 8);
    if (type == kLong) number = number32(at + 8);
    const bool known = number32(at + 4) == 1 && number >= 1 && number <= 8;
    return known ? static_cast<int>(number) : kUpright;
  }

  Bytes bytes_;
  bool little_;
  size_t directory_ = 0;
  size_t count_ = 0;
};

// Some writers put JPEG's mark before the block in other containers, too.
int orientation_of_block(string_view block) {
  constexpr string_view kMark("Exif\0\0", 6);
  if (block.starts_with(kMark)) block.remove_prefix(kMark.size());
  return TiffDirectory(block).orientation();
}

// In an APP1 segment before the first scan.
std::optional<string_view> jpeg_block(const Bytes& bytes) {
  constexpr string_view kMark("Exif\0\0", 6);
  for (size_t at = 2; at + 4 <= bytes.size() && bytes.at(at) == 0xff;) {
    const std::uint32_t marker = bytes.at(at + 1);
    if (marker == 0xff) {  // fill byte
      ++at;
      continue;
    }
    if (marker == 0xda || marker == 0xd9) break;
    const size_t length = bytes.big16(at + 2);
    if (length < 2) break;
    if (marker == 0xe1 && bytes.has(kMark, at + 4)) {
      return bytes.from(at + 4).substr(0, length - 2);
    }
    at += 2 + length;
  }
  return std::nullopt;
}

// PNG specification, 11.3: a chunk eXIf, before or behind the pixels.
std::optional<string_view> png_block(const Bytes& bytes) {
  for (size_t at = 8; at + 12 <= bytes.size();) {
    const size_t length = bytes.big32(at);
    if (bytes.has("eXIf", at + 4)) return bytes.from(at + 8).substr(0, length);
    at += 12 + length;
  }
  return std::nullopt;
}

// RFC 9649: a chunk EXIF; chunks are padded to an even length.
std::optional<string_view> webp_block(const Bytes& bytes) {
  for (size_t at = 12; at + 8 <= bytes.size();) {
    const size_t length = bytes.little32(at + 4);
    if (bytes.has("EXIF", at)) return bytes.from(at + 8).substr(0, length);
    at += 8 + length + length % 2;
  }
  return std::nullopt;
}

// A uuid box, as the JPEG 2000 tools agree on.
std::optional<string_view> jp2_block(const Bytes& bytes) {
  constexpr string_view kUuid = "JpgTiffExif->JP2";
  for (size_t at = 0; at + 8 <= bytes.size();) {
    const size_t length = bytes.big32(at);
    if (bytes.has("uuid", at + 4) && bytes.has(kUuid, at + 8)) {
      return bytes.from(at + 8 + kUuid.size()).substr(0, std::max<size_t>(length, 24) - 24);
    }
    if (length < 8) break;  // 0: to the end; 1: longer than four bytes can say
    at += length;
  }
  return std::nullopt;
}

struct Container {
  string_view start;
  std::optional<string_view> (*block)(const Bytes& bytes);
};
constexpr Container kContainers[] = {{"\xff\xd8\xff", jpeg_block},
                                     {"\x89PNG\r\n\x1a\n", png_block},
                                     {"RIFF", webp_block},
                                     {string_view("\0\0\0\x0cjP  ", 8), jp2_block}};

}  // namespace

int exif_orientation(string_view bytes) {
  for (const Container& container : kContainers) {
    if (!bytes.starts_with(container.start)) continue;
    return orientation_of_block(container.block(Bytes(bytes)).value_or(string_view()));
  }
  return TiffDirectory(bytes).orientation();
}

std::string without_tiff_orientation(string_view bytes) {
  std::string changed(bytes);
  const TiffDirectory directory(bytes);
  constexpr string_view kLittle("\x03\0\x01\0\0\0\x01\0\0\0", 10);  // SHORT, one, 1
  constexpr string_view kBig("\0\x03\0\0\0\x01\0\x01\0\0", 10);
  for (size_t i = 0; i < directory.count(); ++i) {
    if (!directory.is_orientation(i)) continue;
    const string_view upright = directory.is_little() ? kLittle : kBig;
    changed.replace(directory.entry(i) + 2, upright.size(), upright);
  }
  return changed;
}

cv::Mat turned_upright(const cv::Mat& stored, int orientation) {
  // 5 to 8 are stored with rows for columns.
  cv::Mat turned = stored;
  if (orientation >= 5) cv::transpose(stored, turned);
  constexpr int kBoth = -1, kUpDown = 0, kLeftRight = 1;
  cv::Mat upright;
  switch (orientation) {
    case 2:
    case 6:
      cv::flip(turned, upright, kLeftRight);
      return upright;
    case 3:
    case 7:
      cv::flip(turned, upright, kBoth);
      return upright;
    case 4:
    case 8:
      cv::flip(turned, upright, kUpDown);
      return upright;
    default:
      return turned;  // 1 and 5
  }
}

}  // namespace fer
