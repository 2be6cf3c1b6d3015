#include "fer/image/picture_header.h"

#include <algorithm>
#include <cstddef>

namespace fer {

namespace {

using std::size_t;

// Integers at any offset; bytes behind the end read as zero, which no check below mistakes for a
// usable size.
class Bytes {
 public:
  explicit Bytes(std::string_view data) : data_(data) {}

  std::uint32_t at(size_t offset) const {
    return offset < data_.size() ? static_cast<unsigned char>(data_[offset]) : 0;
  }
  std::uint32_t big16(size_t offset) const { return at(offset) << 8 | at(offset + 1); }
  std::uint32_t big32(size_t offset) const { return big16(offset) << 16 | big16(offset + 2); }
  std::uint32_t little16(size_t offset) const { return at(offset) | at(offset + 1) << 8; }
  std::uint32_t little24(size_t offset) const { return little16(offset) | at(offset + 2) << 16; }
  std::uint32_t little32(size_t offset) const {
    return little16(offset) | little16(offset + 2) << 16;
  }
  bool has(std::string_view text, size_t offset) const {
    return offset <= data_.size() && data_.substr(offset).starts_with(text);
  }
  size_t size() const { return data_.size(); }
  std::string_view from(size_t offset) const {
    return data_.substr(std::min(offset, data_.size()));
  }

 private:
  std::string_view data_;
};

// Of a progressive picture each goes over the whole: a small file could keep a decoder for hours. Ten
// are usual.
constexpr int kMostScans = 500;

// Behind the first one; entropy-coded data never holds FF DA.
int count_scans(std::string_view data) {
  int scans = 1;
  for (size_t at = data.find("\xff\xda"); at != std::string_view::npos && scans <= kMostScans;
       at = data.find("\xff\xda", at + 2)) {
    ++scans;
  }
  return scans;
}

// ITU-T T.81, annex B: segments of FF, marker, length, up to the first scan.
std::optional<PictureHeader> read_jpeg(const Bytes& bytes) {
  if (!bytes.has("\xff\xd8\xff", 0)) return std::nullopt;
  PictureHeader header{.format = "JPEG", .complete = false};
  size_t at = 2;
  while (at + 4 <= bytes.size() && bytes.at(at) == 0xff) {
    const std::uint32_t marker = bytes.at(at + 1);
    if (marker == 0xff) {  // fill byte
      ++at;
      continue;
    }
    if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {  // these have no length
      at += 2;
      continue;
    }
    const size_t length = bytes.big16(at + 2);
    const bool start_of_frame =
        marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    if (start_of_frame) {
      // A second frame header may be there to hide the first: the larger one counts.
      header.height = std::max<std::int64_t>(header.height, bytes.big16(at + 5));
      header.width = std::max<std::int64_t>(header.width, bytes.big16(at + 7));
    }
    at += 2 + std::max<size_t>(length, 2);
    if (marker == 0xda) {
      // Entropy-coded data never holds FF D9 but as the end-of-image marker.
      header.complete = bytes.from(at).find("\xff\xd9") != std::string_view::npos;
      if (count_scans(bytes.from(at)) > kMostScans) header.problem = "it has too many scans";
      break;
    }
  }
  return header;
}

// PNG specification: signature, then chunks of length, type, data, CRC; IHDR first, IEND last.
std::optional<PictureHeader> read_png(const Bytes& bytes) {
  if (!bytes.has("\x89PNG\r\n\x1a\n", 0)) return std::nullopt;
  PictureHeader header{
      .format = "PNG", .width = bytes.big32(16), .height = bytes.big32(20), .complete = false};
  for (size_t at = 8; at + 12 <= bytes.size();) {
    if (bytes.has("IEND", at + 4)) {
      header.complete = true;
      break;
    }
    at += size_t{12} + bytes.big32(at);
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
      const auto rows = static_cast<std::uint64_t>(header.height);
      header.complete = bytes.little32(10) + row_bytes * rows <= bytes.size();
    }
  }
  return header;
}

// RFC 9649: a RIFF container whose first chunk is lossy (VP8 ), lossless (VP8L) or extended (VP8X).
std::optional<PictureHeader> read_webp(const Bytes& bytes) {
  if (!bytes.has("RIFF", 0) || !bytes.has("WEBP", 8)) return std::nullopt;
  PictureHeader header{.format = "WebP", .complete = size_t{8} + bytes.little32(4) <= bytes.size()};
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

// TIFF 6.0: the first image file directory holds ImageWidth (256) and ImageLength (257).
std::optional<PictureHeader> read_tiff(const Bytes& bytes) {
  const bool little = bytes.has(std::string_view("II*\0", 4), 0);
  if (!little && !bytes.has(std::string_view("MM\0*", 4), 0)) return std::nullopt;
  const auto number16 = [&](size_t at) { return little ? bytes.little16(at) : bytes.big16(at); };
  const auto number32 = [&](size_t at) { return little ? bytes.little32(at) : bytes.big32(at); };
  PictureHeader header{.format = "TIFF"};
  const size_t directory = number32(4);
  const size_t entries = number16(directory);
  header.complete = directory + 2 + entries * 12 <= bytes.size();
  for (size_t i = 0; i < entries; ++i) {
    constexpr std::uint32_t kWidth = 256, kHeight = 257, kShort = 3, kLong = 4;
    const size_t entry = directory + 2 + i * 12;
    const std::uint32_t tag = number16(entry), type = number16(entry + 2);
    if (tag != kWidth && tag != kHeight) continue;
    // Of other types, or of several values, the entry holds an offset to what decoders take.
    if ((type != kShort && type != kLong) || number32(entry + 4) != 1) {
      header.problem = "its size is no plain number";
    }
    const std::int64_t value = type == kShort ? number16(entry + 8) : number32(entry + 8);
    // Of repeated entries the larger counts, whichever a decoder takes.
    std::int64_t& extent = tag == kWidth ? header.width : header.height;
    extent = std::max(extent, value);
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
      if (c == '#') {  // to the end of its line, which \r is too
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
  for (const auto read : {read_jpeg, read_png, read_bmp, read_webp, read_tiff, read_pnm}) {
    if (const auto header = read(bytes)) return header;
  }
  return std::nullopt;
}

}  // namespace fer
