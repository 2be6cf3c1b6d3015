#include "fer/image/image.h"

#include <algorithm>
#include <array>
#include <limits>
#include <opencv2/imgproc.hpp>
#include <sstream>
#include <utility>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/text.h"
#include "fer/image/avif_file.h"
#include "fer/image/codecs.h"
#include "fer/image/exif_orientation.h"
#include "fer/image/file_type.h"
#include "fer/image/gif_file.h"
#include "fer/image/jpeg_pixels.h"
#include "fer/image/opencv_quiet.h"
#include "fer/image/picture_header.h"
#include "fer/image/png_pixels.h"

namespace fer::image {

namespace {

std::string size_text(std::int64_t width, std::int64_t height) {
  return std::to_string(width) + "x" + std::to_string(height);
}

std::string box_text(const cv::Rect& box) {
  std::ostringstream text;
  text << size_text(box.width, box.height) << " at (" << box.x << ", " << box.y << ")";
  return text.str();
}

// The header of a picture that a decoder may read. @throws fer::Error for other files.
PictureHeader checked_header(std::string_view bytes, const std::string& name) {
  if (bytes.empty()) throw Error(name + ": is empty, not a picture");
  auto header = read_picture_header(bytes);
  if (!header) {
    refuse_foreign(type_of_content(bytes), name);
    throw Error(name +
                ": is not a picture of a known format; allowed: " + std::string(kPictureFormats));
  }
  if (header->moves) {
    throw Error(name +
                ": is a GIF that moves, which is read as a video only if its name ends in .gif");
  }
  const std::string format(header->format);
  if (!header->problem.empty()) {
    throw Error(name + ": is a broken " + format + " picture: " + std::string(header->problem));
  }
  if (header->width <= 0 || header->height <= 0) {
    throw Error(name + ": is a broken " + format + " picture: its header gives no size");
  }
  if (header->width > kMaxImagePixels / header->height) {
    throw Error(name + ": has " + size_text(header->width, header->height) + " pixels; at most " +
                grouped(kMaxImagePixels) + " are allowed");
  }
  const bool only_marker = !header->complete && !header->missing_end.empty();
  if (!header->complete && !(only_marker && has_all_jpeg_pixels(bytes))) {
    throw Error(name + ": is a broken " + format + " picture: the end of the file is missing");
  }
  return *std::move(header);
}

// The bytes as decoders need them: with an end marker, and without an EXIF orientation, which they
// would apply.
std::string_view readable(std::string_view bytes, const PictureHeader& header, int orientation,
                          std::string& copy) {
  const bool turned = header.format == "TIFF" && orientation != 1;
  if (!turned && header.missing_end.empty()) return bytes;
  copy = (turned ? without_tiff_orientation(bytes) : std::string(bytes)) + header.missing_end;
  return copy;
}

// The plug-in's codecs. @throws fer::Error that names the picture if the plug-in is missing.
const Codecs& rare_formats(const std::string& name) {
  try {
    return codecs();
  } catch (const Error& error) {
    throw Error(name + ": " + error.what());
  }
}

// Decodes the common formats here and the others with the plug-in, by OpenCV. Returns an empty
// picture if the decoder fails without a reason. @throws fer::Error with the reason, or if the
// plug-in is missing.
cv::Mat decode(std::string_view bytes, std::string_view format, const std::string& name) {
  if (format == "JPEG") return read_stored_jpeg(bytes);
  if (format == "PNG") return read_stored_png(bytes);
  if (format == "GIF") return read_stored_gif(bytes);
  try {
    const Codecs& rare = rare_formats(name);
    const NoCerr quiet;
    return rare.decode(bytes);
  } catch (const cv::Exception& failure) {
    throw Error(name + ": is a broken picture: " + failure.err);
  }
}

void check_face_request(const cv::Mat& image, const cv::Rect& box) {
  if (image.empty()) throw Error("face pixels: the picture is empty");
  if (image.type() != CV_8UC1 && image.type() != CV_8UC3 && image.type() != CV_8UC4) {
    throw Error("face pixels: the picture has pixel type " + std::to_string(image.type()) +
                "; allowed: 8-bit grey, BGR, BGRA");
  }
  constexpr std::int64_t kLimit = std::numeric_limits<int>::max();
  const bool overflows =
      std::int64_t{box.x} + box.width > kLimit || std::int64_t{box.y} + box.height > kLimit;
  if (box.width <= 0 || box.height <= 0 || overflows ||
      (box & cv::Rect({0, 0}, image.size())).empty()) {
    throw Error("face pixels: the box " + box_text(box) + " holds nothing of the " +
                size_text(image.cols, image.rows) + " picture");
  }
  if (box.width > kMaxImagePixels / box.height) {
    throw Error("face pixels: the box " + box_text(box) + " holds more than " +
                grouped(kMaxImagePixels) + " pixels");
  }
}

// Converts a picture, 8-bit grey, BGR or BGRA, to other colours.
cv::Mat in_colour(const cv::Mat& image, Colour colour) {
  const auto converted = [&](int code) {
    cv::Mat other;
    cv::cvtColor(image, other, code);
    return other;
  };
  const bool alpha = image.channels() == 4;
  if (image.channels() == 1) {
    return colour == Colour::grey ? image : converted(cv::COLOR_GRAY2BGR);
  }
  switch (colour) {
    case Colour::grey:
      return converted(alpha ? cv::COLOR_BGRA2GRAY : cv::COLOR_BGR2GRAY);
    case Colour::rgb:
      return converted(alpha ? cv::COLOR_BGRA2RGB : cv::COLOR_BGR2RGB);
    case Colour::bgr:
      return alpha ? converted(cv::COLOR_BGRA2BGR) : image;
  }
  return image;
}

// The part under the box, not yet scaled: 8-bit [box.height, box.width] of these colours.
cv::Mat patch_of(const cv::Mat& image, const cv::Rect& box, Colour colour) {
  const cv::Rect inside = box & cv::Rect({0, 0}, image.size());
  const cv::Mat patch = in_colour(image(inside), colour);
  if (inside == box) return patch;
  cv::Mat padded;
  // Isolated, so that the border of the patch itself is repeated, although it may be a view into a
  // larger picture.
  cv::copyMakeBorder(patch, padded, inside.y - box.y, box.br().y - inside.br().y, inside.x - box.x,
                     box.br().x - inside.br().x, cv::BORDER_REPLICATE | cv::BORDER_ISOLATED);
  return padded;
}

cv::Mat scaled_to(const cv::Mat& patch, const cv::Size& size) {
  // Two steps, because cv::resize averages areas only where neither axis grows.
  cv::Mat shrunk;
  cv::resize(patch, shrunk, {std::min(patch.cols, size.width), std::min(patch.rows, size.height)},
             0, 0, cv::INTER_AREA);
  cv::Mat scaled;
  cv::resize(shrunk, scaled, size, 0, 0, cv::INTER_LINEAR);
  return scaled;
}

// A continuous copy.
cv::Mat face_of(const cv::Mat& image, const cv::Rect& box, const FaceFormat& format) {
  check_face_request(image, box);
  try {
    return scaled_to(patch_of(image, box, format.colour), {format.width, format.height});
  } catch (const cv::Exception& failure) {
    throw Error("face pixels: the box " + box_text(box) + " cannot be cut out: " + failure.err);
  }
}

}  // namespace

bool has_image_extension(const std::filesystem::path& path) {
  static constexpr std::array<std::string_view, 20> kExtensions = {
      ".jpg", ".jpeg", ".jpe", ".jfif", ".pjpeg", ".pjp", ".png", ".bmp", ".dib", ".webp",
      ".tif", ".tiff", ".pbm", ".pgm",  ".ppm",   ".pnm", ".jp2", ".j2k", ".j2c", ".jpc"};
  const std::string extension = to_lower(path.extension().string());
  return std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
}

cv::Mat decode_image(std::string_view bytes, const std::string& name) {
  silence_opencv();
  const PictureHeader header = checked_header(bytes, name);
  const int orientation = exif_orientation(bytes);
  std::string copy;
  const cv::Mat image = decode(readable(bytes, header, orientation, copy), header.format, name);
  if (image.empty() && !header.missing_end.empty()) {
    throw Error(name + ": is a broken picture: the end of the file is missing");
  }
  if (image.empty() && header.format == "JPEG") {
    throw Error(name + ": is a broken JPEG picture: data of its pixels are missing or damaged");
  }
  if (image.empty()) {
    throw Error(name +
                ": cannot be decoded: it is broken, or of a kind that this OpenCV does not " +
                "read (an animation, 32-bit floats)");
  }
  if (static_cast<std::int64_t>(image.total()) > kMaxImagePixels) {  // more than in its header
    throw Error(name + ": has " + size_text(image.cols, image.rows) + " pixels; at most " +
                grouped(kMaxImagePixels) + " are allowed");
  }
  return turned_upright(image, orientation);
}

cv::Mat read_image(const std::filesystem::path& path) {
  const std::string bytes = read_file(path, kMaxImageBytes);
  if (!has_image_extension(path)) refuse_foreign(type_of_file(path), path.string());
  if (type_of_content(std::string_view(bytes).substr(0, kTypeBytes)).format == "AVIF") {
    return turned_upright(rare_formats(path.string()).read_avif(path), avif_orientation(bytes));
  }
  return decode_image(bytes, path.string());
}

std::vector<std::uint8_t> face_bytes(const cv::Mat& image, const cv::Rect& box,
                                     const FaceFormat& format) {
  const cv::Mat face = face_of(image, box, format);
  return {face.datastart, face.dataend};
}

std::vector<std::uint8_t> face_bytes(const cv::Mat& image, const FaceFormat& format) {
  return face_bytes(image, cv::Rect({0, 0}, image.size()), format);
}

}  // namespace fer::image
