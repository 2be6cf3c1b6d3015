#include "fer/report/png_bytes.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "fer/core/error.h"
#include "fer/report/base64.h"

namespace fer {

namespace {

constexpr std::size_t kMostPixels = std::size_t{1} << 24;
constexpr char kGrey = 0;  // colour types: PNG specification, 11.2.1
constexpr char kRgb = 2;

std::string big_endian(std::uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xFFU);
  return bytes;
}

// PNG specification, annex D.
std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char byte : bytes) {
    crc ^= static_cast<std::uint8_t>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

// RFC 1950, section 8.
std::uint32_t adler32(std::string_view bytes) {
  std::uint32_t low = 1;
  std::uint32_t high = 0;
  for (const char byte : bytes) {
    low = (low + static_cast<std::uint8_t>(byte)) % 65521;
    high = (high + low) % 65521;
  }
  return high << 16 | low;
}

// A zlib stream of stored blocks (RFC 1951, section 3.2.4).
std::string stored(std::string_view bytes) {
  constexpr std::size_t kMostInBlock = 0xFFFF;
  std::string stream = "\x78\x01";
  for (std::size_t at = 0; at < bytes.size(); at += kMostInBlock) {
    const std::string_view block = bytes.substr(at, kMostInBlock);
    stream += at + block.size() == bytes.size() ? '\x01' : '\0';
    for (const std::size_t length : {block.size(), ~block.size()}) {
      stream += static_cast<char>(length & 0xFFU);
      stream += static_cast<char>(length >> 8 & 0xFFU);
    }
    stream += block;
  }
  return stream + big_endian(adler32(bytes));
}

std::string chunk(std::string_view type, std::string_view content) {
  const std::string body = std::string(type) + std::string(content);
  return big_endian(static_cast<std::uint32_t>(content.size())) + body + big_endian(crc32(body));
}

void check(std::size_t pixels, std::size_t width, std::size_t height) {
  if (width > 0 && height > 0 && width <= kMostPixels && height <= kMostPixels / width &&
      pixels == width * height) {
    return;
  }
  throw Error(std::to_string(pixels) + " pixels are not a picture of " + std::to_string(width) +
              " x " + std::to_string(height) + "; allowed are 1 to " + std::to_string(kMostPixels) +
              " pixels");
}

// samples: [height*width*(1 or 3)].
std::string png_of(std::string_view samples, std::size_t width, std::size_t height, char colours) {
  std::string header = big_endian(static_cast<std::uint32_t>(width)) +
                       big_endian(static_cast<std::uint32_t>(height));
  header += '\x08';  // bits a sample
  header += colours;
  header += std::string(3, '\0');  // the only compression and filtering there are, not interlaced
  const std::size_t row_bytes = samples.size() / height;
  std::string rows;
  for (std::size_t y = 0; y < height; ++y) {
    rows += '\0';  // the row as it is, not filtered
    rows += samples.substr(y * row_bytes, row_bytes);
  }
  return "\x89PNG\r\n\x1a\n" + chunk("IHDR", header) + chunk("IDAT", stored(rows)) +
         chunk("IEND", {});
}

}  // namespace

std::string grey_png_bytes(std::span<const std::uint8_t> pixels, std::size_t width,
                           std::size_t height) {
  check(pixels.size(), width, height);
  return png_of({reinterpret_cast<const char*>(pixels.data()), pixels.size()}, width, height,
                kGrey);
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

std::string png_data_uri(const std::string& png) { return "data:image/png;base64," + base64(png); }

}  // namespace fer
