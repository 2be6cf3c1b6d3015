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
constexpr std::size_t kZoom = 4;  // of explanations, which people look at

std::string numbered(std::int64_t count) {
  const std::string digits = std::to_string(count);
  return std::string(digits.size() < kDigits ? kDigits - digits.size() : 0, '0') + digits;
}

std::vector<Rgb> enlarged(const std::vector<Rgb>& face) {
  constexpr std::size_t kSide = kFaceSide, kLarge = kSide * kZoom;
  std::vector<Rgb> large(kLarge * kLarge);
  for (std::size_t y = 0; y < kLarge; ++y) {
    for (std::size_t x = 0; x < kLarge; ++x) {
      large[y * kLarge + x] = face[y / kZoom * kSide + x / kZoom];
    }
  }
  return large;
}

}  // namespace

std::string explanation_png(const FacePixels& crop, std::span<const float> map) {
  return report::rgb_png_bytes(enlarged(report::heat_overlay(crop, map)), kFaceSide * kZoom,
                               kFaceSide * kZoom);
}

FaceFiles::FaceFiles(std::filesystem::path folder, LabelSet labels, std::string_view field)
    : folder_(std::move(folder)), labels_(std::move(labels)) {
  try {
    make_folders(folder_);
  } catch (const Error& error) {
    throw OptionError(field, error.what());
  }
  std::error_code code;
  // Two runs in one folder would leave a face under two labels.
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

void FaceFiles::write_crops(const FramePrediction& prediction, std::span<const FacePixels> crops) {
  for (std::size_t i = 0; i < crops.size(); ++i) {
    report::write_grey_png(next_path(prediction.frame, prediction.faces[i]), crops[i], kFaceSide,
                           kFaceSide);
  }
}

void FaceFiles::write_explanations(const FramePrediction& prediction,
                                   std::span<const FacePixels> crops,
                                   const std::vector<std::vector<float>>& maps) {
  for (std::size_t i = 0; i < crops.size(); ++i) {
    write_file(next_path(prediction.frame, prediction.faces[i]),
               explanation_png(crops[i], maps[i]));
  }
}

}  // namespace fer::output
