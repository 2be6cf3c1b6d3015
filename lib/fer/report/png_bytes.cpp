#include "fer/report/png_bytes.h"

#include <zlib.h>

#include <string_view>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/report/base64.h"

namespace fer::report {

namespace {

constexpr char kGrey = 0;  // colour types: PNG specification, 11.2.1
constexpr char kRgb = 2;

const Bytef* zlib_bytes(std::string_view bytes) {
  return reinterpret_cast<const Bytef*>(bytes.data());
}

std::string big_endian(std::size_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xFFU);
  return bytes;
}

std::string compressed(std::string_view bytes) {
  uLongf size = compressBound(bytes.size());
  std::string stream(size, '\0');
  const int status = compress2(reinterpret_cast<Bytef*>(stream.data()), &size, zlib_bytes(bytes),
                               bytes.size(), Z_DEFAULT_COMPRESSION);
  if (status != Z_OK) throw Error("a PNG cannot be compressed: there is too little memory");
  stream.resize(size);
  return stream;
}

std::string chunk(std::string_view type, std::string_view content) {
  const std::string body = std::string(type) + std::string(content);
  return big_endian(content.size()) + body + big_endian(crc32_z(0, zlib_bytes(body), body.size()));
}

void check(std::size_t pixels, std::size_t width, std::size_t height) {
  if (width > 0 && height > 0 && width <= kMaxPngPixels && height <= kMaxPngPixels / width &&
      pixels == width * height) {
    return;
  }
  throw Error(std::to_string(pixels) + " pixels are not a picture of " + std::to_string(width) +
              " x " + std::to_string(height) + "; allowed are 1 to " +
              std::to_string(kMaxPngPixels) + " pixels");
}

// samples: [height*width*(1 or 3)].
std::string png_of(std::string_view samples, std::size_t width, std::size_t height, char colours) {
  std::string header = big_endian(width) + big_endian(height);
  header += '\x08';  // bits a sample
  header += colours;
  header += std::string(3, '\0');  // standard compression and filtering, not interlaced
  const std::size_t row_bytes = samples.size() / height;
  std::string rows;
  rows.reserve(samples.size() + height);
  for (std::size_t y = 0; y < height; ++y) {
    rows += '\0';  // unfiltered row
    rows += samples.substr(y * row_bytes, row_bytes);
  }
  return "\x89PNG\r\n\x1a\n" + chunk("IHDR", header) + chunk("IDAT", compressed(rows)) +
         chunk("IEND", {});
}

}  // namespace

std::string png_bytes(std::span<const std::uint8_t> samples, std::size_t width, std::size_t height,
                      int channels) {
  const auto parts = static_cast<std::size_t>(channels);
  check(samples.size() % parts == 0 ? samples.size() / parts : 0, width, height);
  return png_of({reinterpret_cast<const char*>(samples.data()), samples.size()}, width, height,
                channels == 1 ? kGrey : kRgb);
}

std::string grey_png_bytes(std::span<const std::uint8_t> pixels, std::size_t width,
                           std::size_t height) {
  return png_bytes(pixels, width, height, 1);
}

std::string face_png_bytes(FaceView face) {
  return png_bytes(face.bytes, static_cast<std::size_t>(face.format.width),
                   static_cast<std::size_t>(face.format.height), face.format.channels());
}

std::string rgb_png_bytes(std::span<const Rgb> pixels, std::size_t width, std::size_t height) {
  check(pixels.size(), width, height);
  std::string samples;
  samples.reserve(pixels.size() * 3);
  for (const Rgb& pixel : pixels) {
    for (const std::uint8_t part : {pixel.red, pixel.green, pixel.blue}) {
      samples += static_cast<char>(part);
    }
  }
  return png_of(samples, width, height, kRgb);
}

void write_png(const std::filesystem::path& path, std::span<const std::uint8_t> samples,
               std::size_t width, std::size_t height, int channels) {
  write_file(path, png_bytes(samples, width, height, channels));
}

void write_grey_png(const std::filesystem::path& path, std::span<const std::uint8_t> pixels,
                    std::size_t width, std::size_t height) {
  write_png(path, pixels, width, height, 1);
}

void write_face_png(const std::filesystem::path& path, FaceView face) {
  write_file(path, face_png_bytes(face));
}

std::string png_data_uri(const std::string& png) { return "data:image/png;base64," + base64(png); }

}  // namespace fer::report
