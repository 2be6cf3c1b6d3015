// Turns a Matroska or WebM file, which FFmpeg 5.1 reads but does not write.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "fer/core/files.h"

namespace fer::test {

// Of a variable-length integer of EBML (RFC 8794, section 4): how many bytes it takes.
inline std::size_t ebml_width(char first) {
  return static_cast<std::size_t>(std::countl_zero(static_cast<std::uint8_t>(first))) + 1;
}

inline std::string big_endian(std::uint64_t value) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift);
  return bytes;
}

inline std::string ebml_element(std::string_view id, std::string_view body) {
  constexpr std::uint64_t kEightBytes = std::uint64_t{1} << 56;
  return std::string(id) + big_endian(kEightBytes | body.size()) + std::string(body);
}

// `bytes`, elements one after another, with `extra` at the end of the element that `path` leads to.
inline std::string with_element(std::string_view bytes, std::span<const std::string_view> path,
                                std::string_view extra) {
  std::string out;
  while (!bytes.empty()) {
    const std::size_t id = ebml_width(bytes[0]);
    const std::size_t width = ebml_width(bytes[id]);
    std::uint64_t size = static_cast<std::uint8_t>(bytes[id]) & (0xFFU >> width);
    for (std::size_t i = 1; i < width; ++i) {
      size = size << 8U | static_cast<std::uint8_t>(bytes[id + i]);
    }
    const std::string_view body = bytes.substr(id + width, size);
    if (bytes.substr(0, id) != path.front()) {
      out += bytes.substr(0, id + width + body.size());
    } else if (path.size() == 1) {
      out += ebml_element(path.front(), std::string(body) + std::string(extra));
    } else {
      out += ebml_element(path.front(), with_element(body, path.subspan(1), extra));
    }
    bytes.remove_prefix(id + width + body.size());
  }
  return out;
}

// The file at `path` again, whose pictures a player turns counter-clockwise by `degrees`:
// Segment/Tracks/TrackEntry/Video/Projection/ProjectionPoseRoll (RFC 9559, section 5.1.4.1.28.41).
inline void roll_matroska(const std::string& path, double degrees) {
  static constexpr std::array<std::string_view, 4> kVideo = {"\x18\x53\x80\x67", "\x16\x54\xAE\x6B",
                                                             "\xAE", "\xE0"};
  const std::string roll =
      ebml_element("\x76\x71", std::string(1, '\0')) +
      ebml_element("\x76\x75", big_endian(std::bit_cast<std::uint64_t>(degrees)));
  constexpr std::size_t kMostBytes = 1 << 20;
  write_file(path,
             with_element(read_file(path, kMostBytes), kVideo, ebml_element("\x76\x70", roll)));
}

}  // namespace fer::test
