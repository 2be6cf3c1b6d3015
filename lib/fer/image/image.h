// Turns pictures into face pixels. Every place that does so (folders of training images,
// evaluation, prediction) calls these functions, so that training and prediction cannot differ.
#pragma once

#include <cstdint>
#include <filesystem>
#include <opencv2/core/mat.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "fer/core/face.h"

namespace fer::image {

// Most pixels (width times height) a picture may have; larger ones are refused, not scaled.
inline constexpr std::int64_t kMaxImagePixels = 100'000'000;

// Most bytes a picture file may have; enough for kMaxImagePixels in 16-bit RGB.
inline constexpr std::size_t kMaxImageBytes = 640'000'000;

// Whether the name ends like a picture that read_image reads (.jpg, .jpeg, .jfif, .png, .bmp,
// .webp, .tif, .tiff, .jp2, .pbm, .pgm, .ppm, …), in any case.
bool has_image_extension(const std::filesystem::path& path);

// The picture as 8-bit BGR [H,W,3], EXIF orientation applied, 16-bit scaled down, alpha dropped.
// A missing end marker or missing last padding is no error if all pixels are there. @throws
// fer::Error naming the file where it is missing, no picture, cut short, broken or too large.
cv::Mat read_image(const std::filesystem::path& path);

// As read_image(), from the bytes of a file; `name` stands for its path in messages.
cv::Mat decode_image(std::string_view bytes, const std::string& name);

// One face as [height,width,channels] bytes: the part of `image` (8-bit BGR, BGRA or grey) under
// `box`, where the box reaches beyond the picture its border is repeated; shrunk by area averaging,
// enlarged bilinearly, each axis by itself. @throws fer::Error for an empty image or box, a box
// that does not touch the picture or holds more than kMaxImagePixels, or another pixel type.
std::vector<std::uint8_t> face_bytes(const cv::Mat& image, const cv::Rect& box,
                                     const FaceFormat& format);

// The whole picture as one face.
std::vector<std::uint8_t> face_bytes(const cv::Mat& image, const FaceFormat& format);

}  // namespace fer::image
