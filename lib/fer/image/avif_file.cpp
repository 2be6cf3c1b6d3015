#include "fer/image/avif_file.h"

#include <opencv2/core.hpp>
#include <opencv2/videoio.hpp>
#include <optional>
#include <string>

#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/image/bytes.h"
#include "fer/image/image.h"
#include "fer/image/opencv_quiet.h"

namespace fer::image {

namespace {

using std::string_view;

// The content of the first box of this type among boxes of length, type, content.
std::optional<string_view> find_box(string_view boxes, string_view type) {
  const Bytes bytes(boxes);
  for (std::size_t at = 0; at + 8 <= bytes.size();) {
    const std::size_t length = bytes.big32(at);
    if (length < 8) break;  // to the end, or longer than four bytes can say: pixels, not properties
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
  // By quarter turns against the clock; then, where it is mirrored, top and bottom (axis 0) or left and
  // right (axis 1) change places.
  constexpr int kTurned[] = {1, 8, 3, 6};
  constexpr int kTopBottom[] = {4, 5, 2, 7};
  constexpr int kLeftRight[] = {2, 7, 4, 5};
  const std::uint32_t turns = turn.at(0) & 3;
  if (!mirror) return kTurned[turns];
  return (Bytes(*mirror).at(0) & 1) == 0 ? kTopBottom[turns] : kLeftRight[turns];
}

cv::Mat read_stored_avif(const std::filesystem::path& path) {
  silence_opencv();
  cv::Mat picture;
  try {
    // A name with a colon would be a protocol of FFmpeg's.
    cv::VideoCapture file("file:" + path.string(), cv::CAP_FFMPEG);
    file.set(cv::CAP_PROP_ORIENTATION_AUTO, 0);  // newer FFmpegs export it, and it is applied once
    const double pixels = file.get(cv::CAP_PROP_FRAME_WIDTH) * file.get(cv::CAP_PROP_FRAME_HEIGHT);
    if (pixels > static_cast<double>(kMaxImagePixels)) {
      throw Error(path.string() + ": has " + fixed(pixels, 0) + " pixels; at most " +
                  grouped(kMaxImagePixels) + " are allowed");
    }
    file.read(picture);
  } catch (const cv::Exception& failure) {
    throw Error(path.string() + ": is a broken picture: " + failure.err);
  }
  if (picture.empty() || picture.type() != CV_8UC3) {
    throw Error(path.string() +
                ": cannot be decoded: it is a broken AVIF picture, or this OpenCV has "
                "no FFmpeg that reads AVIF");
  }
  return picture.clone();  // the capture's memory goes with it
}

}  // namespace fer::image
