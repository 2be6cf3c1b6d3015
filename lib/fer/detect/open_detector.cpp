#include "fer/detect/open_detector.h"

#include <array>
#include <string_view>

#include "fer/core/error.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"
#include "fer/detect/centerface_detector.h"
#include "fer/detect/detector_files.h"
#include "fer/detect/haar_detector.h"
#include "fer/detect/onnx_network.h"
#include "fer/detect/yunet_detector.h"

namespace fer::detect {

namespace fs = std::filesystem;

namespace {

// The picture is the face: for pictures that are cut out already.
class WholePicture final : public Detector {
 public:
  std::vector<DetectedFace> detect(const cv::Mat& bgr) override {
    return {{.box = cv::Rect({0, 0}, bgr.size()), .score = 1.0}};
  }
};

// Each with the side of its input, the fastest first: small faces in large pictures are searched
// for in parts of them (small_faces.h).
struct YunetFile {
  const char* name;
  int side;
};
constexpr std::array<YunetFile, 3> kYunetFiles = {{{"yunet_n_320_320.onnx", 320},
                                                   {"yunet_n_640_640.onnx", 640},
                                                   {"face_detection_yunet_2023mar.onnx", 640}}};

// The files with an input of this side; with 0 all files.
std::vector<std::string> yunet_files(int side) {
  std::vector<std::string> names;
  for (const YunetFile& file : kYunetFiles) {
    if (side == 0 || side == file.side) names.emplace_back(file.name);
  }
  return names;
}

std::vector<std::string> centerface_files(int) { return {"centerface.onnx"}; }

std::unique_ptr<Detector> open_yunet(const DetectorChoice& choice) {
  auto detector = std::make_unique<YunetDetector>(choice.model);
  if (choice.side == 0 || choice.side == detector->input_side()) return detector;
  throw Error(choice.model.string() + ": has a fixed input of " +
              std::to_string(detector->input_side()) + " pixels, not the " +
              std::to_string(choice.side) + " asked for");
}

std::unique_ptr<Detector> open_centerface(const DetectorChoice& choice) {
  const int side = choice.side == 0 ? CenterfaceDetector::kUsualSide : choice.side;
  return std::make_unique<CenterfaceDetector>(choice.model, side);
}

std::unique_ptr<Detector> open_haar(const DetectorChoice& choice) {
  return std::make_unique<HaarDetector>(choice.model);
}

std::unique_ptr<Detector> open_none(const DetectorChoice&) {
  return std::make_unique<WholePicture>();
}

struct DetectorEntry {
  std::string_view name;
  bool takes_model;
  std::vector<std::string> (*files)(int side);  // usual names of an ONNX file; null for others
  std::unique_ptr<Detector> (*open)(const DetectorChoice& choice);
};

// In the order in which auto looks for them. CONTRIBUTING.md lists the other places of a new one.
constexpr std::array<DetectorEntry, 4> kDetectors = {{
    {"yunet", true, yunet_files, open_yunet},
    {"centerface", true, centerface_files, open_centerface},
    {"haar", true, nullptr, open_haar},
    {"none", false, nullptr, open_none},
}};

const DetectorEntry& find_entry(const std::string& name) {
  for (const DetectorEntry& entry : kDetectors) {
    if (entry.name == name) return entry;
  }
  throw OptionError("detector",
                    quote(name) + " is not known; allowed: " + join(detector_names(), ", "));
}

fs::path usual_model(const DetectorEntry& entry, int side) {
  if (!entry.takes_model) return {};
  if (entry.files == nullptr) return find_haar_cascade();
  const std::vector<std::string> names = entry.files(side);
  if (names.empty()) {
    throw OptionError("detector_size", "there is no " + std::string(entry.name) +
                                           " with an input of " + std::to_string(side) +
                                           " pixels; allowed: 320, 640");
  }
  if (const auto found = find_detector_file(names)) return *found;
  throw NotFoundError(Missing::detector, "detector", entry.name, not_found_text(names));
}

// A cascade is XML; the others differ in the names of their outputs.
std::string kind_of(const fs::path& model) {
  if (to_lower(model.extension().string()) == ".xml") return "haar";
  const graph::OnnxFile onnx = read_detector_file(model).onnx;
  if (onnx.has_output(yunet_outputs(0)[0].name)) return "yunet";
  if (onnx.has_output(centerface_outputs(0)[0].name)) return "centerface";
  throw Error(model.string() +
              ": is neither a YuNet nor a CenterFace detector nor a cascade (.xml)");
}

DetectorChoice best_available(int side) {
  std::vector<std::string> missing;
  for (const DetectorEntry& entry : kDetectors) {
    if (entry.files == nullptr) continue;
    const std::vector<std::string> names = entry.files(side);
    if (names.empty()) continue;  // no YuNet has an input of this side
    if (const auto found = find_detector_file(names)) {
      return {.name = std::string(entry.name),
              .model = *found,
              .side = side,
              .reason = "the first of yunet, centerface and haar whose file was found"};
    }
    missing.insert(missing.end(), names.begin(), names.end());
  }
  const std::string why = not_found_text(missing);
  try {
    return {.name = "haar",
            .model = find_haar_cascade(),
            .side = 0,
            .reason = why + "; haar misses faces that are turned or half hidden"};
  } catch (const OptionError& no_cascade) {
    throw NotFoundError(Missing::detector, "detector", "auto", why + "; " + no_cascade.reason());
  }
}

DetectorChoice choose_auto(const DetectorOptions& options) {
  if (options.model.empty()) return best_available(options.side);
  const std::string kind = kind_of(options.model);
  DetectorChoice choice =
      choose_detector({.name = kind, .model = options.model, .side = options.side});
  choice.reason = "the kind of the given detector file";
  return choice;
}

}  // namespace

std::vector<std::string> detector_names() {
  std::vector<std::string> names = {"auto"};
  for (const DetectorEntry& entry : kDetectors) names.emplace_back(entry.name);
  return names;
}

DetectorChoice choose_detector(const DetectorOptions& options) {
  if (options.name == "auto") return choose_auto(options);
  const DetectorEntry& entry = find_entry(options.name);
  if (!options.model.empty() && !entry.takes_model) {
    throw OptionError("detector_model", options.model.string() + " is given, but " +
                                            option("detector") + " " + options.name +
                                            " takes no model");
  }
  if (options.side != 0 && entry.files == nullptr) {
    throw OptionError("detector_size", std::to_string(options.side) + " is given, but " +
                                           option("detector") + " " + options.name +
                                           " takes no size");
  }
  return {.name = options.name,
          .model = options.model.empty() ? usual_model(entry, options.side) : options.model,
          .side = options.side,
          .reason = ""};
}

std::unique_ptr<Detector> open_detector(const DetectorChoice& choice) {
  return find_entry(choice.name).open(choice);
}

std::unique_ptr<Detector> make_detector(const DetectorOptions& options) {
  return open_detector(choose_detector(options));
}

}  // namespace fer::detect
