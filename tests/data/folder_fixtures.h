// Picture folders that the data tests make for themselves, in the plain PNM formats that need no
// encoder.
#pragma once

#include <filesystem>
#include <string>

#include "data/csv_fixtures.h"

namespace fer::test {

// A grey picture of one level.
inline std::string grey_picture(int width, int height, int level) {
  return "P5 " + std::to_string(width) + " " + std::to_string(height) + " 255\n" +
         std::string(static_cast<std::size_t>(width) * static_cast<std::size_t>(height),
                     static_cast<char>(level));
}

// A picture of one colour.
inline std::string colour_picture(int width, int height, int red, int green, int blue) {
  std::string text = "P6 " + std::to_string(width) + " " + std::to_string(height) + " 255\n";
  for (int i = 0; i < width * height; ++i) {
    text += {static_cast<char>(red), static_cast<char>(green), static_cast<char>(blue)};
  }
  return text;
}

inline void save_grey(const std::filesystem::path& path, int level) {
  save(path, grey_picture(48, 48, level));
}

}  // namespace fer::test
