// Resize, and Upsample of older files.
#include <algorithm>
#include <cmath>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "fer/core/text.h"
#include "fer/graph/onnx_translator.h"
#include "fer/graph/resize.h"

namespace fer::graph {

namespace {

using Dims = std::vector<std::int64_t>;

// Resize of version 10, and Upsample, have only scales after the map; they use asymmetric
// coordinates.
bool is_early(const OnnxNode& node) { return node.type == "Upsample" || node.inputs.size() == 2; }

// Parses one of an enum's names. @throws fer::Error for others.
template <typename Enum>
Enum choice_of(const OnnxTranslator& t, const char* name, Enum usual) {
  const auto names = choice_names(usual);
  const std::string given =
      text_of(t.node(), name, std::string(names[static_cast<std::size_t>(usual)]));
  const auto found = std::find(names.begin(), names.end(), given);
  if (found == names.end()) t.fail("has " + std::string(name) + " " + quote(given));
  return static_cast<Enum>(found - names.begin());
}

// The numbers for height and width in a list for all four dimensions, or for those that `axes`
// names.
template <typename Number>
std::pair<Number, Number> sides_of(const OnnxTranslator& t, const std::vector<Number>& numbers,
                                   Number first, Number channels) {
  if (t.node().integers.contains("axes")) {
    const Dims axes = integers_of(t.node(), "axes", {});
    if (axes != Dims{2, 3} && axes != Dims{-2, -1}) t.fail("changes other sizes than the map's");
    if (numbers.size() == 2) return {numbers[0], numbers[1]};
  } else if (numbers.size() == 4 && numbers[0] == first && numbers[1] == channels) {
    return {numbers[2], numbers[3]};
  }
  t.fail("changes other sizes than the map's");
}

// The number of rows or columns after scaling.
std::int64_t scaled(const OnnxTranslator& t, std::int64_t side, float scale) {
  const float size = static_cast<float>(side) * scale;
  if (!(scale > 0.0F) || !(size >= 1.0F) || size > 65536.0F) t.fail("has impossible scales");
  return static_cast<std::int64_t>(size);
}

void read_sizes(const OnnxTranslator& t, const Shape& shape, Resize& resize) {
  const OnnxTensor* scales = t.constant(is_early(t.node()) ? 1 : 2);
  if (scales != nullptr && !scales->values.empty()) {
    std::tie(resize.row_scale, resize.col_scale) = sides_of(t, scales->values, 1.0F, 1.0F);
    resize.rows = scaled(t, shape.height, resize.row_scale);
    resize.cols = scaled(t, shape.width, resize.col_scale);
    return;
  }
  const OnnxTensor* sizes = t.constant(3);
  if (sizes == nullptr || sizes->integers.empty()) t.fail("has no sizes or scales in the file");
  std::tie(resize.rows, resize.cols) =
      sides_of(t, sizes->integers, std::int64_t{1}, shape.channels);
}

void refuse_the_rest(const OnnxTranslator& t) {
  const OnnxNode& node = t.node();
  if (integer_of(node, "antialias", 0) != 0) t.fail("smooths what it shrinks (antialias)");
  const std::string policy = text_of(node, "keep_aspect_ratio_policy", "stretch");
  if (policy != "stretch") t.fail("has keep_aspect_ratio_policy " + quote(policy));
}

// The fixed rounding of version 10: growing takes the pixel before, shrinking the one after.
ResizeRounding early_rounding(const OnnxTranslator& t, const Resize& resize) {
  const bool down = resize.row_scale < 1.0F;
  if (down != (resize.col_scale < 1.0F)) t.fail("grows one way and shrinks the other");
  return down ? ResizeRounding::ceil : ResizeRounding::floor;
}

// The whole factor by which both sides grow, if each pixel becomes a block of equal pixels;
// otherwise 0.
std::int64_t block_of(const Resize& resize, const Shape& from) {
  const std::int64_t factor = resize.rows / from.height;
  if (resize.kind != ResizeKind::nearest || factor < 1 || factor > 64 ||
      resize.rows != from.height * factor || resize.cols != from.width * factor) {
    return 0;
  }
  const auto is_block = [&](const std::vector<ResizeTap>& taps) {
    for (std::size_t x = 0; x < taps.size(); ++x) {
      if (taps[x].first != static_cast<std::int64_t>(x) / factor) return false;
    }
    return true;
  };
  const ResizeTaps taps = resize_taps(resize, from);
  return is_block(taps.rows) && is_block(taps.cols) ? factor : 0;
}

}  // namespace

void translate_resize(OnnxTranslator& t) {
  const OnnxView& from = t.map(0);
  const Shape& shape = t.shape(from);
  Resize resize{.from = from.id};
  refuse_the_rest(t);
  read_sizes(t, shape, resize);
  resize.kind = choice_of(t, "mode", ResizeKind::nearest);
  if (is_early(t.node())) {
    resize.place = ResizePlace::asymmetric;
    resize.rounding = early_rounding(t, resize);
  } else {
    resize.place = choice_of(t, "coordinate_transformation_mode", ResizePlace::half_pixel);
    resize.rounding = choice_of(t, "nearest_mode", ResizeRounding::round_prefer_floor);
  }
  t.shape_after(resize);  // throws if it is too large, before its taps are computed
  const std::int64_t block = block_of(resize, shape);
  if (block > 0) return t.make(Upsample{from.id, block});
  t.make(resize);
}

}  // namespace fer::graph
