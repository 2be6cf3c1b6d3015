#include "fer/image/jpeg_header.h"

#include <algorithm>
#include <cstddef>

namespace fer::image {

namespace {

using std::size_t;

constexpr std::string_view kEndMarker = "\xff\xd9";  // of both

// Each scan of a progressive picture covers all pixels, so a small file with many scans could take
// hours. Ten are usual.

// Counts scans in the data behind the first one's mark; entropy-coded data never holds FF DA.
int count_scans(std::string_view data) {
  int scans = 1;
  for (size_t at = data.find("\xff\xda"); at != std::string_view::npos && scans <= kMostJpegScans;
       at = data.find("\xff\xda", at + 2)) {
    ++scans;
  }
  return scans;
}

// `data`: behind the first scan's header.
void read_jpeg_end(std::string_view data, PictureHeader& header) {
  if (count_scans(data) > kMostJpegScans) {
    header.problem = "it has too many scans";
    return;
  }
  // Entropy-coded data never holds FF D9 but as the end-of-image marker.
  header.complete = data.find(kEndMarker) != std::string_view::npos;
  if (header.complete) return;
  header.missing_end = kEndMarker;
}

// ISO/IEC 15444-1, annex I: boxes of length, type, content.
std::optional<size_t> find_codestream(const Bytes& bytes) {
  if (bytes.has("\xff\x4f\xff\x51", 0)) return 0;
  if (!bytes.has(std::string_view("\0\0\0\x0cjP  \r\n\x87\n", 12), 0)) return std::nullopt;
  for (size_t at = 12; at + 8 <= bytes.size();) {
    const size_t length = bytes.big32(at);
    const size_t head = length == 1 ? 16 : 8;  // 1: eight bytes behind the type hold the length
    if (bytes.has("jp2c", at + 4)) return at + head;
    if (length < head) break;
    at += length;
  }
  return bytes.size();
}

// A.4: the segments of the main header, then the tile-parts, each with its length.
void read_jpeg2000_end(const Bytes& bytes, size_t at, std::int64_t tiles, PictureHeader& header) {
  constexpr std::uint32_t kTilePart = 0xff90;
  header.complete = false;
  at += 2;
  while (at + 4 <= bytes.size() && bytes.big16(at) != kTilePart) {
    at += size_t{2} + std::max<std::uint32_t>(bytes.big16(at + 2), 2);
  }
  std::int64_t finished = 0;
  while (at + 12 <= bytes.size() && bytes.big16(at) == kTilePart) {
    const size_t length = bytes.big32(at + 6);
    const std::uint32_t part = bytes.at(at + 10), parts = bytes.at(at + 11);
    if (part + 1 == parts) ++finished;
    if (length == 0) {  // up to the end of all
      header.complete = bytes.from(at).ends_with(kEndMarker);
      return;
    }
    at += std::max<size_t>(length, 14);
  }
  header.complete = bytes.has(kEndMarker, at);
  if (header.complete || finished < tiles) return;
  const bool all = at == bytes.size() || (at + 1 == bytes.size() && bytes.at(at) == 0xff);
  if (!all) return;
  header.complete = true;
  header.missing_end = kEndMarker.substr(bytes.size() - at);
}

}  // namespace

// ITU-T T.81, annex B: segments of FF, marker, length, up to the first scan.
std::optional<PictureHeader> read_jpeg_header(const Bytes& bytes) {
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
    if (marker == 0x00) {  // no marker: libjpeg would look for one within the supposed segment
      header.problem = "there is something else where a marker should be";
      return header;
    }
    const size_t length = bytes.big16(at + 2);
    const bool start_of_frame =
        marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    if (start_of_frame) {
      // A second frame header may try to hide the first one, so the larger size counts.
      header.height = std::max<std::int64_t>(header.height, bytes.big16(at + 5));
      header.width = std::max<std::int64_t>(header.width, bytes.big16(at + 7));
    }
    at += 2 + std::max<size_t>(length, 2);
    if (marker == 0xda) {
      read_jpeg_end(bytes.from(at), header);
      break;
    }
  }
  return header;
}

// A.5.1: SIZ, the first segment, has the extent of the reference grid and where the picture begins
// on it.
std::optional<PictureHeader> read_jpeg2000_header(const Bytes& bytes) {
  const auto start = find_codestream(bytes);
  if (!start) return std::nullopt;
  const size_t size = *start + 2;  // of FF 51
  PictureHeader header{.format = "JPEG 2000", .complete = false};
  if (!bytes.has("\xff\x4f\xff\x51", *start)) return header;
  const auto number = [&](size_t offset) { return std::int64_t{bytes.big32(size + offset)}; };
  header.width = number(6) - number(14);
  header.height = number(10) - number(18);
  const std::int64_t tile_width = number(22), tile_height = number(26);
  const std::uint32_t components = bytes.big16(size + 38);
  if (components < 1 || components > 4) header.problem = "it has no 1 to 4 components";
  if (tile_width <= 0 || tile_height <= 0 || header.width <= 0 || header.height <= 0) return header;
  const std::int64_t across = (number(6) - number(30) + tile_width - 1) / tile_width;
  const std::int64_t down = (number(10) - number(34) + tile_height - 1) / tile_height;
  constexpr std::int64_t kMostTiles = 65535;  // A.5.1
  if (across < 1 || down < 1 || across > kMostTiles || down > kMostTiles / across) {
    header.problem = "it has too many tiles";
    return header;
  }
  read_jpeg2000_end(bytes, *start, across * down, header);
  return header;
}

}  // namespace fer::image
