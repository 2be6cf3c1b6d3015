#include "fer/api/picture_pixels.h"

#include <array>
#include <cstdint>
#include <new>
#include <opencv2/imgproc.hpp>
#include <string>

#include "fer/core/error.h"
#include "fer/image/image.h"

namespace fer {

namespace {

struct FormatRow {
  PixelFormat format;
  const char* name;
  int channels;
  int to_bgr;  // for cv::cvtColor; -1: is BGR already
};
constexpr std::array<FormatRow, 5> kFormats = {{
    {PixelFormat::grey8, "grey8", 1, cv::COLOR_GRAY2BGR},
    {PixelFormat::bgr8, "bgr8", 3, -1},
    {PixelFormat::rgb8, "rgb8", 3, cv::COLOR_RGB2BGR},
    {PixelFormat::bgra8, "bgra8", 4, cv::COLOR_BGRA2BGR},
    {PixelFormat::rgba8, "rgba8", 4, cv::COLOR_RGBA2BGR},
}};

const FormatRow& row_of(PixelFormat format) {
  for (const FormatRow& row : kFormats) {
    if (row.format == format) return row;
  }
  throw Error("picture: pixel format " + std::to_string(static_cast<int>(format)) +
              " is not known; allowed: grey8, bgr8, rgb8, bgra8, rgba8");
}

void check_size(const ImageView& view) {
  const std::string size = std::to_string(view.width) + "x" + std::to_string(view.height);
  if (view.width < 1 || view.height < 1) {
    throw Error("picture: " + size + " pixels; both sides must be at least 1");
  }
  if (std::int64_t{view.width} * view.height > image::kMaxImagePixels) {
    throw Error("picture: " + size + " pixels; allowed are " +
                std::to_string(image::kMaxImagePixels));
  }
  if (view.pixels == nullptr) throw Error("picture: its pixels are a null pointer");
}

}  // namespace

cv::Mat bgr_of(const ImageView& view) {
  const FormatRow& format = row_of(view.format);
  check_size(view);
  const auto row_bytes = static_cast<std::size_t>(view.width) * format.channels;
  const std::size_t stride = view.stride == 0 ? row_bytes : view.stride;
  if (stride < row_bytes) {
    throw Error("picture: a stride of " + std::to_string(stride) +
                " bytes is shorter than a row, " + std::to_string(view.width) + " pixels of " +
                format.name + ": " + std::to_string(row_bytes) + " bytes");
  }
  if (stride > static_cast<std::size_t>(PTRDIFF_MAX) / static_cast<std::size_t>(view.height)) {
    throw Error("picture: a stride of " + std::to_string(stride) +
                " bytes; rows do not lie so far apart");
  }
  // cv::Mat takes no pointer to constant bytes, but nothing writes to them.
  auto* pixels = const_cast<std::uint8_t*>(view.pixels);
  const cv::Mat seen(view.height, view.width, CV_8UC(format.channels), pixels, stride);
  if (format.to_bgr < 0) return seen;
  cv::Mat bgr;
  try {
    cv::cvtColor(seen, bgr, format.to_bgr);
  } catch (const cv::Exception& failure) {
    if (failure.code == cv::Error::StsNoMem) throw std::bad_alloc();
    throw Error("picture: " + failure.err);
  }
  return bgr;
}

}  // namespace fer
