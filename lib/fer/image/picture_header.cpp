#include "fer/image/picture_header.h"

#include <algorithm>
#include <cstddef>

#include "fer/image/bytes.h"
#include "fer/image/gif_file.h"
#include "fer/image/jpeg_header.h"
#include "fer/image/tiff_directory.h"

namespace fer::image {

namespace {

using std::size_t;

// PNG specification: signature, then chunks of length, type, data, CRC; IHDR first, IEND last.
std::optional<PictureHeader> read_png(const Bytes& bytes) {
  if (!bytes.has("\x89PNG\r\n\x1a\n", 0)) return std::nullopt;
  constexpr std::string_view kEnd("\0\0\0\0IEND\xae\x42\x60\x82", 12);
  PictureHeader header{
      .format = "PNG", .width = bytes.big32(16), .height = bytes.big32(20), .complete = false};
  bool has_data = false;
  size_t at = 8;
  while (at + 12 <= bytes.size()) {
    if (bytes.has("IEND", at + 4)) {
      header.complete = true;
      return header;
    }
    has_data |= bytes.has("IDAT", at + 4);
    at += size_t{12} + bytes.big32(at);
  }
  // Every chunk is whole; the decoder finds out whether a chunk is missing.
  if (has_data && at <= bytes.size() && kEnd.starts_with(bytes.from(at))) {
    header.complete = true;
    header.missing_end = kEnd.substr(bytes.size() - at);
  }
  return header;
}

std::optional<PictureHeader> read_bmp(const Bytes& bytes) {
  if (!bytes.has("BM", 0) || bytes.size() < 26) return std::nullopt;
  PictureHeader header{.format = "BMP"};
  if (bytes.little32(14) == 12) {  // OS/2 1.x
    header.width = bytes.little16(18);
    header.height = bytes.little16(20);
  } else {
    header.width = static_cast<std::int32_t>(bytes.little32(18));
    const std::int64_t height = static_cast<std::int32_t>(bytes.little32(22));
    header.height = height < 0 ? -height : height;  // negative: first row on top
    const bool uncompressed = bytes.little32(30) == 0;
    if (uncompressed && header.width > 0) {
      const std::uint64_t row_bits = bytes.little16(28) * static_cast<std::uint64_t>(header.width);
      const std::uint64_t row_bytes = (row_bits + 31) / 32 * 4;  // rows end on four bytes
      const std::uint64_t padding = row_bytes - (row_bits + 7) / 8;
      const auto rows = static_cast<std::uint64_t>(header.height);
      const std::uint64_t end = bytes.little32(10) + row_bytes * rows;
      header.complete = end - std::min(end, padding) <= bytes.size();
      if (header.complete && end > bytes.size()) header.missing_end.assign(end - bytes.size(), 0);
    }
  }
  return header;
}

// Whether a WebP without its last chunks still has the chunk with all pixels of a still picture.
bool has_webp_pixels(const Bytes& bytes) {
  for (size_t at = 12; at + 8 <= bytes.size();) {
    const size_t length = bytes.little32(at + 4);
    if (bytes.has("VP8 ", at) || bytes.has("VP8L", at)) return at + 8 + length <= bytes.size();
    at += 8 + length + length % 2;
  }
  return false;
}

// RFC 9649: a RIFF container whose first chunk is lossy (VP8 ), lossless (VP8L) or extended (VP8X).
std::optional<PictureHeader> read_webp(const Bytes& bytes) {
  if (!bytes.has("RIFF", 0) || !bytes.has("WEBP", 8)) return std::nullopt;
  const size_t end = size_t{8} + bytes.little32(4);
  PictureHeader header{.format = "WebP", .complete = end <= bytes.size()};
  constexpr size_t kMostAdded = 1 << 16;  // padding, or a block of EXIF that was cut
  if (!header.complete && end - bytes.size() <= kMostAdded && has_webp_pixels(bytes)) {
    header.complete = true;
    header.missing_end.assign(end - bytes.size(), 0);
  }
  if (bytes.has("VP8 ", 12)) {
    header.width = bytes.little16(26) & 0x3fff;
    header.height = bytes.little16(28) & 0x3fff;
  } else if (bytes.has("VP8L", 12)) {
    const std::uint32_t packed = bytes.little32(21);
    header.width = (packed & 0x3fff) + 1;
    header.height = ((packed >> 14) & 0x3fff) + 1;
  } else if (bytes.has("VP8X", 12)) {
    header.width = std::int64_t{bytes.little24(24)} + 1;
    header.height = std::int64_t{bytes.little24(27)} + 1;
  }
  return header;
}

// The first directory holds ImageWidth (256) and ImageLength (257).
std::optional<PictureHeader> read_tiff(const Bytes& bytes) {
  using Type = TiffDirectory::Type;
  const TiffDirectory directory(bytes.from(0));
  if (!directory.is_tiff()) return std::nullopt;
  PictureHeader header{.format = "TIFF"};
  header.complete = directory.entry(directory.count()) <= bytes.size();
  for (size_t i = 0; i < directory.count(); ++i) {
    constexpr std::uint32_t kWidth = 256, kHeight = 257;
    const std::uint32_t tag = directory.tag(i);
    if (tag != kWidth && tag != kHeight) continue;
    const bool plain = directory.is(i, Type::short_number) || directory.is(i, Type::long_number);
    if (!plain || !directory.is_single(i)) header.problem = "its size is not a plain number";
    // Of repeated entries the larger one counts, because decoders may take either.
    std::int64_t& extent = tag == kWidth ? header.width : header.height;
    extent = std::max<std::int64_t>(extent, directory.value(i));
  }
  return header;
}

// Netpbm's P1 to P6: "P5 # comment\n640 480 255\n".
std::optional<PictureHeader> read_pnm(const Bytes& bytes) {
  const bool magic = bytes.at(0) == 'P' && bytes.at(1) >= '1' && bytes.at(1) <= '6';
  if (!magic ||
      std::string_view(" \t\r\n#").find(static_cast<char>(bytes.at(2))) == std::string_view::npos) {
    return std::nullopt;
  }
  size_t at = 2;
  const auto next_number = [&]() -> std::int64_t {
    for (; at < bytes.size(); ++at) {
      const auto c = static_cast<char>(bytes.at(at));
      if (c == '#') {  // to the end of its line; \r ends a line, too
        while (at < bytes.size() && bytes.at(at) != '\n' && bytes.at(at) != '\r') ++at;
      } else if (std::string_view(" \t\r\n\v\f").find(c) == std::string_view::npos) {
        break;
      }
    }
    std::int64_t number = 0;
    for (; bytes.at(at) >= '0' && bytes.at(at) <= '9'; ++at) {
      number = std::min<std::int64_t>(number * 10 + (bytes.at(at) - '0'), 1'000'000'000);
    }
    return number;
  };
  PictureHeader header{.format = "PNM"};
  header.width = next_number();
  header.height = next_number();
  return header;
}

}  // namespace

std::optional<PictureHeader> read_picture_header(std::string_view data) {
  const Bytes bytes(data);
  for (const auto read : {read_jpeg_header, read_png, read_bmp, read_webp, read_tiff, read_pnm,
                          read_jpeg2000_header}) {
    if (const auto header = read(bytes)) return header;
  }
  return read_gif_header(data);
}

}  // namespace fer::image
