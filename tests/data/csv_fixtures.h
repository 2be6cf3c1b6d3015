// FER2013 files that the data tests make for themselves, and the sets they should be read as.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "fer/core/face.h"
#include "fer/core/random.h"

namespace fer::test {

// A face of random levels of one, two and three digits, different for each number.
inline std::vector<int> face_levels(std::uint64_t number) {
  RandomStream stream = RandomStream(17).child(number);
  std::vector<int> levels(kFacePixels);
  for (int& level : levels) level = static_cast<int>(stream.below(256) >> stream.below(8));
  return levels;
}

inline std::string pixel_text(const std::vector<int>& levels) {
  std::string text;
  for (const int level : levels) text += (text.empty() ? "" : " ") + std::to_string(level);
  return text;
}

inline std::string pixel_text(std::uint64_t number) { return pixel_text(face_levels(number)); }

inline const char* const kHeader = "emotion,pixels,Usage\n";

// Row `number` of a file with the columns of kHeader: classes and splits in turn.
inline std::string csv_row(std::uint64_t number) {
  static const std::vector<std::string> kUsages = {"Training", "PublicTest", "PrivateTest"};
  return std::to_string(number % 7) + "," + pixel_text(number) + "," + kUsages[number % 3] + "\n";
}

inline std::string csv_of(std::uint64_t rows) {
  std::string text = kHeader;
  for (std::uint64_t i = 0; i < rows; ++i) text += csv_row(i);
  return text;
}

inline std::filesystem::path save(const std::filesystem::path& path, const std::string& content) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
  return path;
}

}  // namespace fer::test
