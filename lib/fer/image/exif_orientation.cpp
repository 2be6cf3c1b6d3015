#include "fer/image/exif_orientation.h"

#include <opencv2/core.hpp>
#include <optional>

#include "fer/image/bytes.h"
#include "fer/image/tiff_directory.h"

namespace fer::image {

namespace {

using std::size_t;
using std::string_view;

constexpr int kUpright = 1;

bool is_orientation(const TiffDirectory& directory, size_t i) {
  constexpr std::uint32_t kOrientation = 0x0112;
  return directory.has_entry(i) && directory.tag(i) == kOrientation;
}

int orientation_at(const TiffDirectory& directory, size_t i) {
  using Type = TiffDirectory::Type;
  const bool plain = directory.is(i, Type::byte) || directory.is(i, Type::short_number) ||
                     directory.is(i, Type::long_number);
  const std::uint32_t number = directory.value(i);
  const bool known = plain && directory.is_single(i) && number >= 1 && number <= 8;
  return known ? static_cast<int>(number) : kUpright;
}

int orientation_of(const TiffDirectory& directory) {
  for (size_t i = 0; i < directory.count(); ++i) {
    if (is_orientation(directory, i)) return orientation_at(directory, i);
  }
  return kUpright;
}

// Some programs put JPEG's mark before the block in other containers, too.
int orientation_of_block(string_view block) {
  constexpr string_view kMark("Exif\0\0", 6);
  if (block.starts_with(kMark)) block.remove_prefix(kMark.size());
  return orientation_of(TiffDirectory(block));
}

// The EXIF block of a JPEG, in an APP1 segment before the first scan.
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

// The block is in a uuid box, by a convention of JPEG 2000 tools.
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
  return orientation_of(TiffDirectory(bytes));
}

std::string without_tiff_orientation(string_view bytes) {
  std::string changed(bytes);
  const TiffDirectory directory(bytes);
  constexpr string_view kLittle("\x03\0\x01\0\0\0\x01\0\0\0", 10);  // SHORT, one, 1
  constexpr string_view kBig("\0\x03\0\0\0\x01\0\x01\0\0", 10);
  for (size_t i = 0; i < directory.count(); ++i) {
    if (!is_orientation(directory, i)) continue;
    const string_view upright = directory.is_little() ? kLittle : kBig;
    changed.replace(directory.entry(i) + 2, upright.size(), upright);
  }
  return changed;
}

cv::Mat turned_upright(const cv::Mat& stored, int orientation) {
  // Orientations 5 to 8 are stored transposed.
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

}  // namespace fer::image
