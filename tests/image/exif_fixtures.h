// Pictures with an EXIF orientation.
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <string>
#include <string_view>

#include "image/picture_fixtures.h"

namespace fer::test {

// 32 wide and 16 high: red, green, blue and white quarters, row by row.
inline cv::Mat four_quarters() {
  cv::Mat picture(16, 32, CV_8UC3);
  picture(cv::Rect(0, 0, 16, 8)).setTo(cv::Scalar(0, 0, 255));
  picture(cv::Rect(16, 0, 16, 8)).setTo(cv::Scalar(0, 255, 0));
  picture(cv::Rect(0, 8, 16, 8)).setTo(cv::Scalar(255, 0, 0));
  picture(cv::Rect(16, 8, 16, 8)).setTo(cv::Scalar::all(255));
  return picture;
}

// "RGBW" of four_quarters as it is.
inline std::string quarters_of(const cv::Mat& picture) {
  std::string quarters;
  for (const int y : {picture.rows / 4, picture.rows * 3 / 4}) {
    for (const int x : {picture.cols / 4, picture.cols * 3 / 4}) {
      const auto pixel = picture.at<cv::Vec3b>(y, x);
      const bool blue = pixel[0] > 128, green = pixel[1] > 128, red = pixel[2] > 128;
      quarters += blue && green && red ? 'W' : blue ? 'B' : green ? 'G' : red ? 'R' : '?';
    }
  }
  return quarters;
}

// The upright four_quarters for each orientation, by EXIF 2.32, which defines where row 0 and
// column 0 are.
inline std::string upright_quarters(int orientation) {
  constexpr const char* kSeen[] = {"RGBW", "GRWB", "WBGR", "BWRG", "RBGW", "BRWG", "WGBR", "GWRB"};
  return kSeen[orientation - 1];
}

inline std::string number(std::uint32_t value, int bytes, bool little) {
  std::string text;
  for (int i = 0; i < bytes; ++i) {
    const int shift = 8 * (little ? i : bytes - 1 - i);
    text += static_cast<char>(value >> shift & 0xff);
  }
  return text;
}

inline std::string tiff_entry(int tag, int type, std::uint32_t value, bool little) {
  const std::string shorter = number(value, 2, little) + std::string(2, '\0');
  return number(static_cast<std::uint32_t>(tag), 2, little) +
         number(static_cast<std::uint32_t>(type), 2, little) + number(1, 4, little) +
         (type == 3 ? shorter : number(value, 4, little));
}

inline std::string tiff_start(bool little) {
  return little ? std::string("II*\0\x08\0\0\0", 8) : std::string("MM\0*\0\0\0\x08", 8);
}

// A TIFF structure with the one tag Orientation.
inline std::string exif_block(int orientation, bool little = true, int type = 3) {
  return tiff_start(little) + number(1, 2, little) +
         tiff_entry(0x0112, type, static_cast<std::uint32_t>(orientation), little) +
         std::string(4, '\0');
}

inline std::string jpeg_with_exif(const std::string& jpeg, const std::string& block) {
  const std::string payload = std::string("Exif\0\0", 6) + block;
  const auto length = static_cast<std::uint32_t>(payload.size() + 2);
  return jpeg.substr(0, 2) + "\xff\xe1" + number(length, 2, false) + payload + jpeg.substr(2);
}

inline std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t crc = 0xffffffff;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int i = 0; i < 8; ++i) crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xedb88320 : 0);
  }
  return ~crc;
}

inline std::string png_chunk(const std::string& type, const std::string& data) {
  return number(static_cast<std::uint32_t>(data.size()), 4, false) + type + data +
         number(crc32(type + data), 4, false);
}

// Behind IHDR, or behind the pixels.
inline std::string png_with_exif(const std::string& png, const std::string& block, bool behind) {
  const std::size_t at = behind ? png.size() - 12 : 33;
  return png.substr(0, at) + png_chunk("eXIf", block) + png.substr(at);
}

// Turns a simple WebP into an extended one.
inline std::string webp_with_exif(const std::string& webp, int width, int height,
                                  const std::string& block) {
  const auto chunk = [](const std::string& type, const std::string& data) {
    return type + number(static_cast<std::uint32_t>(data.size()), 4, true) + data +
           std::string(data.size() % 2, '\0');
  };
  const std::string flags("\x08\0\0\0", 4);  // EXIF
  const std::string extended = flags + number(static_cast<std::uint32_t>(width - 1), 3, true) +
                               number(static_cast<std::uint32_t>(height - 1), 3, true);
  const std::string chunks =
      "WEBP" + chunk("VP8X", extended) + webp.substr(12) + chunk("EXIF", block);
  return "RIFF" + number(static_cast<std::uint32_t>(chunks.size()), 4, true) + chunks;
}

// RGB without compression, in one strip.
inline std::string tiff_picture(const cv::Mat& picture, int orientation, bool little) {
  constexpr int kEntries = 9;
  constexpr std::uint32_t kBits = 8 + 2 + kEntries * 12 + 4, kStrip = kBits + 6;
  std::string pixels;
  for (int y = 0; y < picture.rows; ++y) {
    for (int x = 0; x < picture.cols; ++x) {
      const auto pixel = picture.at<cv::Vec3b>(y, x);
      for (const int channel : {2, 1, 0}) pixels += static_cast<char>(pixel[channel]);
    }
  }
  const auto entry = [&](int tag, int type, std::uint32_t value) {
    return tiff_entry(tag, type, value, little);
  };
  std::string bits = entry(258, 3, kBits);
  bits.replace(4, 8, number(3, 4, little) + number(kBits, 4, little));
  return tiff_start(little) + number(kEntries, 2, little) +
         entry(256, 3, static_cast<std::uint32_t>(picture.cols)) +
         entry(257, 3, static_cast<std::uint32_t>(picture.rows)) + bits + entry(259, 3, 1) +
         entry(262, 3, 2) + entry(273, 4, kStrip) +
         entry(0x0112, 3, static_cast<std::uint32_t>(orientation)) + entry(277, 3, 3) +
         entry(279, 4, static_cast<std::uint32_t>(pixels.size())) + std::string(4, '\0') +
         number(8, 2, little) + number(8, 2, little) + number(8, 2, little) + pixels;
}

// A JPEG 2000 file with the EXIF block in a box of its own before the codestream.
inline std::string jp2_with_exif(const std::string& jp2, const std::string& block) {
  const std::string payload = "uuidJpgTiffExif->JP2" + block;
  const std::size_t at = jp2.find("jp2c") - 4;
  return jp2.substr(0, at) + number(static_cast<std::uint32_t>(payload.size() + 4), 4, false) +
         payload + jp2.substr(at);
}

// four_quarters as AVIF, which no OpenCV of Debian 12 writes, with the properties that come to this
// orientation.
inline std::string avif_picture(int orientation) {
  constexpr std::string_view kFile =
      "00000020667479706176696600000000617669666d6966316d6961664d413141000000ff6d65746100000000"
      "0000002168646c72000000000000000070696374000000000000000000000000000000000e7069746d000000"
      "0000010000001e696c6f63000000004400000100010000000100000127000000360000002869696e66000000"
      "0000010000001a696e6665020000000001000061763031436f6c6f72000000007e697072700000005d697063"
      "6f0000001469737065000000000000002000000010000000107069786900000000030808080000000c617631"
      "438120000000000013636f6c726e636c780001000d0006800000000969726f740100000009696d6972000000"
      "001969706d6100000000000000010001060102830485860000003e6d64617412000a083810ffed2021a0d232"
      "28457098c928514517ca00000100e8f2d7718bed519231db27dcaf2bb3a80e7e11429aeb01d2f04110";
  // Quarter turns against the clock, and the axis of the mirror behind them, or none.
  constexpr int kTurns[] = {0, 0, 2, 0, 1, 3, 3, 1};
  constexpr int kAxis[] = {-1, 1, -1, 0, 0, -1, 0, -1};
  std::string bytes;
  for (std::size_t i = 0; i < kFile.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(kFile.substr(i, 2)), nullptr, 16));
  }
  bytes[bytes.find("irot") + 4] = static_cast<char>(kTurns[orientation - 1]);
  const std::size_t mirror = bytes.find("imir");
  const int axis = kAxis[orientation - 1];
  bytes[mirror + 4] = static_cast<char>(axis);
  if (axis < 0) bytes.replace(mirror, 5, std::string("free\0", 5));
  return bytes;
}

struct OrientedPicture {
  std::string name;  // of a file
  std::string bytes;
};

// four_quarters in every format that can carry an orientation and that this OpenCV can write, or
// that is written here.
inline std::vector<OrientedPicture> oriented_pictures(int orientation) {
  const cv::Mat picture = four_quarters();
  std::vector<unsigned char> bytes;
  cv::imencode(".webp", picture, bytes, {cv::IMWRITE_WEBP_QUALITY, 101});  // without loss
  const std::string webp(bytes.begin(), bytes.end());
  cv::Mat larger;  // OpenCV writes no small JPEG 2000
  cv::resize(picture, larger, {}, 8, 8, cv::INTER_NEAREST);
  const std::string little = exif_block(orientation), big = exif_block(orientation, false);
  return {{"little.jpg", jpeg_with_exif(encoded(".jpg", picture), little)},
          {"big.jpg", jpeg_with_exif(encoded(".jpg", picture), big)},
          {"before.png", png_with_exif(encoded(".png", picture), big, false)},
          {"behind.png", png_with_exif(encoded(".png", picture), little, true)},
          {"plain.webp", webp_with_exif(webp, 32, 16, little)},
          {"marked.webp", webp_with_exif(webp, 32, 16, std::string("Exif\0\0", 6) + big)},
          {"little.tif", tiff_picture(picture, orientation, true)},
          {"big.tif", tiff_picture(picture, orientation, false)},
          {"picture.jp2", jp2_with_exif(encoded(".jp2", larger), big)},
          {"picture.avif", avif_picture(orientation)}};
}

}  // namespace fer::test
