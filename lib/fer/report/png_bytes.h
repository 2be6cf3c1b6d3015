// Writes PNG files (PNG specification, third edition) with zlib: the same picture and zlib give the
// same bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "fer/core/face.h"
#include "fer/core/rgb.h"

namespace fer::report {

// Most pixels (width times height) that a PNG written here may have.
inline constexpr std::size_t kMaxPngPixels = 100'000'000;

// pixels: [height*width], row-major, as 8-bit grey or 8-bit RGB. @throws fer::Error for no pixels,
// more than kMaxPngPixels, and a number that does not match.
std::string grey_png_bytes(std::span<const std::uint8_t> pixels, std::size_t width,
                           std::size_t height);
std::string rgb_png_bytes(std::span<const Rgb> pixels, std::size_t width, std::size_t height);

// samples: [height,width,channels], with one channel (grey) or three (rgb). @throws as
// grey_png_bytes().
std::string png_bytes(std::span<const std::uint8_t> samples, std::size_t width, std::size_t height,
                      int channels);
// A PNG of a grey or rgb face.
std::string face_png_bytes(FaceView face);

// Write a file that is complete or absent. @throws fer::Error as above, and if it cannot be
// written.
void write_grey_png(const std::filesystem::path& path, std::span<const std::uint8_t> pixels,
                    std::size_t width, std::size_t height);
void write_png(const std::filesystem::path& path, std::span<const std::uint8_t> samples,
               std::size_t width, std::size_t height, int channels);
void write_face_png(const std::filesystem::path& path, FaceView face);

// "data:image/png;base64,…", for the src of an img.
std::string png_data_uri(const std::string& png);

}  // namespace fer::report
