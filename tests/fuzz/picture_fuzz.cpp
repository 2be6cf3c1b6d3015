// A picture: its header, its EXIF block, and the pixels of formats that this library decodes
// itself. Pictures whose header keeps them from a decoder are kept from it here, too.
#include <algorithm>
#include <opencv2/core.hpp>
#include <sstream>

#include "fer/image/avif_file.h"
#include "fer/image/exif_orientation.h"
#include "fer/image/file_type.h"
#include "fer/image/gif_file.h"
#include "fer/image/image.h"
#include "fer/image/picture_header.h"
#include "fuzz/fuzz_target.h"

namespace fer::fuzz {

namespace {

bool is_orientation(int orientation) { return orientation >= 1 && orientation <= 8; }

void read_blocks(std::string_view bytes) {
  require(is_orientation(image::exif_orientation(bytes)), "an orientation is one of eight");
  require(is_orientation(image::avif_orientation(bytes)), "also of an AVIF");
  const std::string upright = image::without_tiff_orientation(bytes);
  require(upright.size() == bytes.size(), "turning a TIFF changes no size");
  std::istringstream stream{std::string(bytes)};
  image::is_still_gif(stream);
  image::type_of_content(bytes.substr(0, image::kTypeBytes));
}

// Not JPEG 2000 and others, whose decoders belong to other projects.
bool decodes_itself(std::string_view format) {
  return format == "JPEG" || format == "PNG" || format == "GIF";
}

void decode(std::string_view bytes, const image::PictureHeader& header) {
  constexpr std::int64_t kMostPixels = 100'000;  // more take longer, not another way
  const bool large = header.width <= 0 || header.height > kMostPixels / header.width;
  if (large || !decodes_itself(header.format)) return;
  may_refuse("a picture", [&] {
    const cv::Mat pixels = image::decode_image(bytes, "a picture");
    const bool same = pixels.cols == header.width && pixels.rows == header.height;
    const bool turned = pixels.rows == header.width && pixels.cols == header.height;
    require(same || turned, "a picture has its header's size");
    require(pixels.type() == CV_8UC3, "a picture has three bytes a pixel");
    image::face_bytes(pixels, FaceFormat{});
  });
}

}  // namespace

void picture(std::string_view bytes) {
  read_blocks(bytes);
  const auto header = image::read_picture_header(bytes);
  if (header) decode(bytes, *header);
}

}  // namespace fer::fuzz
