#include "fer/image/avif_file.h"

#include <optional>

#include "fer/image/bytes.h"

namespace fer::image {

namespace {

using std::string_view;

// The content of the first box of this type among boxes of length, type, content.
std::optional<string_view> find_box(string_view boxes, string_view type) {
  const Bytes bytes(boxes);
  for (std::size_t at = 0; at + 8 <= bytes.size();) {
    const std::size_t length = bytes.big32(at);
    if (length < 8) break;  // up to the end, or a longer length field: pixels, not properties
    if (bytes.has(type, at + 4)) return bytes.from(at + 8).substr(0, length - 8);
    at += length;
  }
  return std::nullopt;
}

// meta / iprp / ipco
string_view properties_of(string_view bytes) {
  constexpr std::size_t kVersionAndFlags = 4;
  const string_view meta = find_box(bytes, "meta").value_or("");
  if (meta.size() < kVersionAndFlags) return {};
  const string_view shared = find_box(meta.substr(kVersionAndFlags), "iprp").value_or("");
  return find_box(shared, "ipco").value_or("");
}

}  // namespace

int avif_orientation(string_view bytes) {
  const string_view properties = properties_of(bytes);
  const Bytes turn(find_box(properties, "irot").value_or(""));
  const auto mirror = find_box(properties, "imir");
  // The orientation by quarter turns against the clock. A mirrored picture then swaps top and
  // bottom (axis 0) or left and right (axis 1).
  constexpr int kTurned[] = {1, 8, 3, 6};
  constexpr int kTopBottom[] = {4, 5, 2, 7};
  constexpr int kLeftRight[] = {2, 7, 4, 5};
  const std::uint32_t turns = turn.at(0) & 3;
  if (!mirror) return kTurned[turns];
  return (Bytes(*mirror).at(0) & 1) == 0 ? kTopBottom[turns] : kLeftRight[turns];
}

}  // namespace fer::image
