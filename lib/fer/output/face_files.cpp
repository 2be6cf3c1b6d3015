#include "fer/output/face_files.h"

#include <utility>

#include "fer/core/address.h"
#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/option_error.h"
#include "fer/report/heat_overlay.h"
#include "fer/report/png_bytes.h"

namespace fer::output {

namespace {

constexpr std::size_t kDigits = 6;
constexpr std::size_t kLongestStem = 100;
constexpr std::size_t kZoom = 4;  // of explanations, which are for people

std::string numbered(std::int64_t count) {
  const std::string digits = std::to_string(count);
  return std::string(digits.size() < kDigits ? kDigits - digits.size() : 0, '0') + digits;
}

std::vector<Rgb> enlarged(const std::vector<Rgb>& face, std::size_t width, std::size_t height) {
  std::vector<Rgb> large;
  large.reserve(width * height * kZoom * kZoom);
  for (std::size_t y = 0; y < height * kZoom; ++y) {
    for (std::size_t x = 0; x < width * kZoom; ++x) {
      large.push_back(face[y / kZoom * width + x / kZoom]);
    }
  }
  return large;
}

}  // namespace

std::string explanation_png(FaceView crop, std::span<const float> map) {
  const auto width = static_cast<std::size_t>(crop.format.width);
  const auto height = static_cast<std::size_t>(crop.format.height);
  return report::rgb_png_bytes(enlarged(report::heat_overlay(crop, map), width, height),
                               width * kZoom, height * kZoom);
}

FaceFiles::FaceFiles(std::filesystem::path folder, LabelSet labels, std::string_view field)
    : folder_(std::move(folder)), labels_(std::move(labels)) {
  try {
    make_folders(folder_);
  } catch (const Error& error) {
    throw OptionError(field, error.what());
  }
  std::error_code code;
  // The folder must be empty: after two runs a face could lie under two labels.
  if (!std::filesystem::is_empty(folder_, code) || code) {
    throw OptionError(field, folder_.string(), "is not empty, or not to be read; name another");
  }
}

std::filesystem::path FaceFiles::next_path(const source::Frame& frame, const FacePrediction& face) {
  const std::string stem = source_stem(frame.source).substr(0, kLongestStem);
  const std::string label = face.uncertain ? kUncertain : labels_.name(face.label());
  const std::string place = frame.moving() ? "_f" + std::to_string(frame.index) : "";
  return folder_ / as_file_name(label) / (numbered(++count_) + "_" + stem + place + ".png");
}

void FaceFiles::write_crops(const FramePrediction& prediction, FacesView crops) {
  for (std::size_t i = 0; i < crops.size(); ++i) {
    report::write_face_png(next_path(prediction.frame, prediction.faces[i]), crops[i]);
  }
}

void FaceFiles::write_explanations(const FramePrediction& prediction, FacesView crops,
                                   const std::vector<std::vector<float>>& maps) {
  for (std::size_t i = 0; i < crops.size(); ++i) {
    write_file(next_path(prediction.frame, prediction.faces[i]),
               explanation_png(crops[i], maps[i]));
  }
}

}  // namespace fer::output
