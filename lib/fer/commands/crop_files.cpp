#include "fer/commands/crop_files.h"

#include <string>
#include <utility>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/report/png.h"

namespace fer {

namespace {

constexpr std::size_t kDigits = 6;
constexpr std::size_t kLongestStem = 100;

std::string numbered(std::int64_t count) {
  const std::string digits = std::to_string(count);
  return std::string(digits.size() < kDigits ? kDigits - digits.size() : 0, '0') + digits;
}

}  // namespace

CropFiles::CropFiles(std::filesystem::path folder, LabelSet labels)
    : folder_(std::move(folder)), labels_(std::move(labels)) {
  std::error_code code;
  std::filesystem::create_directories(folder_, code);
  if (!std::filesystem::is_directory(folder_)) {
    throw Error("--save-crops " + folder_.string() + ": no folder can be made there");
  }
}

void CropFiles::write(const FrameWork& work) {
  const Frame& frame = work.prediction.frame;
  const std::string stem =
      std::filesystem::path(frame.source).stem().string().substr(0, kLongestStem);
  for (std::size_t i = 0; i < work.crops.size(); ++i) {
    const FacePrediction& face = work.prediction.faces[i];
    const std::string label = face.uncertain ? kUncertain : labels_.name(face.label());
    const std::string place = frame.moving() ? "_f" + std::to_string(frame.index) : "";
    write_grey_png(
        folder_ / as_file_name(label) / (numbered(++count_) + "_" + stem + place + ".png"),
        work.crops[i], kFaceSide, kFaceSide);
  }
}

}  // namespace fer
