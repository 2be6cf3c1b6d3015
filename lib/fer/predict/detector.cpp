#include "fer/predict/detector.h"

#include <array>
#include <string_view>

#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/predict/haar_detector.h"

namespace fer {

namespace {

// The picture is the face: for pictures that are cut out already.
class WholePicture final : public Detector {
 public:
  std::vector<DetectedFace> detect(const cv::Mat& bgr) override {
    return {{.box = cv::Rect({0, 0}, bgr.size()), .score = 1.0}};
  }
};

std::unique_ptr<Detector> make_whole_picture(const std::filesystem::path& model) {
  if (!model.empty()) {
    throw Error("--detector-model: " + model.string() +
                " is given, but --detector none takes no model");
  }
  return std::make_unique<WholePicture>();
}

std::unique_ptr<Detector> make_haar(const std::filesystem::path& model) {
  return std::make_unique<HaarDetector>(model.empty() ? find_haar_cascade() : model);
}

struct DetectorEntry {
  std::string_view name;
  std::unique_ptr<Detector> (*make)(const std::filesystem::path& model);
};

// A new detector is one file and one line here.
constexpr std::array<DetectorEntry, 3> kDetectors = {{
    {"auto", make_haar},
    {"haar", make_haar},
    {"none", make_whole_picture},
}};

}  // namespace

std::vector<std::string> detector_names() {
  std::vector<std::string> names;
  for (const DetectorEntry& entry : kDetectors) names.emplace_back(entry.name);
  return names;
}

std::unique_ptr<Detector> make_detector(const DetectorOptions& options) {
  for (const DetectorEntry& entry : kDetectors) {
    if (entry.name == options.name) return entry.make(options.model);
  }
  throw Error("--detector: " + quote(options.name) +
              " is not known; allowed: " + join(detector_names(), ", "));
}

}  // namespace fer
