#include "fer/detect/yunet_detector.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <opencv2/core.hpp>

#include "fer/core/error.h"
#include "fer/detect/detector_kind.h"
#include "fer/detect/letterbox.h"

namespace fer::detect {

namespace {

constexpr std::array<int, 3> kStrides = {8, 16, 32};
constexpr const char* kYunetKind = "a YuNet detector";
constexpr const char* kYunetMark = "cls_8";  // an output that no other detector has
constexpr int kLargestSide = 2048;
// On the photos this was chosen on, scaled and blurred, raised hands reached 0.68 and three of four
// of the faces that are found at all were above 0.8.
constexpr double kLeastScore = 0.7;
constexpr double kMostOverlap = 0.45;

// The input's square side. @throws fer::Error where the file gives none that fits the strides.
int side_of(const graph::OnnxFile& onnx, const std::filesystem::path& path) {
  const std::string wrong = path.string() + ": is not " + kYunetKind;
  if (onnx.inputs.size() != 1) throw Error(wrong + ": it does not have exactly one input");
  const std::vector<std::int64_t>& dims = onnx.inputs[0].dims;
  const bool square = dims.size() == 4 && dims[0] == 1 && dims[1] == 3 && dims[2] == dims[3];
  if (!square || dims[3] < kStrides.back() || dims[3] > kLargestSide ||
      dims[3] % kStrides.back() != 0) {
    throw Error(wrong + " for a fixed square: its input is not [1,3,n,n] with n a multiple of 32");
  }
  return static_cast<int>(dims[3]);
}

std::unique_ptr<Detector> open_yunet(const std::filesystem::path& file, int side,
                                     runtime::Precision precision) {
  auto detector = std::make_unique<YunetDetector>(file, precision);
  if (side == 0 || side == detector->input_side()) return detector;
  throw Error(file.string() + ": has a fixed input of " + std::to_string(detector->input_side()) +
              " pixels, not the " + std::to_string(side) + " asked for");
}

// One stride's outputs; cells are counted row by row.
struct Level {
  const float* cls;
  const float* obj;
  const float* bbox;
  const float* kps;
  int stride;
  int columns;

  double score(int cell) const {
    const auto unit = [](float value) { return std::clamp(double{value}, 0.0, 1.0); };
    return std::sqrt(unit(cls[cell]) * unit(obj[cell]));
  }

  cv::Point2d point(int cell, const float* offset) const {
    const int row = cell / columns;
    const int column = cell % columns;
    return cv::Point2d(column + double{offset[0]}, row + double{offset[1]}) * stride;
  }

  FaceCandidate candidate(int cell) const {
    const float* box = bbox + std::ptrdiff_t{cell} * 4;
    const float* at = kps + std::ptrdiff_t{cell} * 10;
    const cv::Point2d centre = point(cell, box);
    const cv::Point2d size(std::exp(double{box[2]}) * stride, std::exp(double{box[3]}) * stride);
    return {.box = {centre - size / 2, cv::Size2d(size.x, size.y)},
            .score = score(cell),
            .landmarks = {.right_eye = point(cell, at),
                          .left_eye = point(cell, at + 2),
                          .nose = point(cell, at + 4),
                          .right_mouth = point(cell, at + 6),
                          .left_mouth = point(cell, at + 8)}};
  }
};

}  // namespace

DetectorKind kinds::yunet() {
  // The fastest first: small faces in large pictures are searched for in parts of them
  // (small_faces.h).
  return {.open = open_yunet,
          .files = {{"yunet_n_320_320.onnx", 320},
                    {"yunet_n_640_640.onnx", 640},
                    {"face_detection_yunet_2023mar.onnx", 640}},
          .onnx_output = kYunetMark,
          .file_is = kYunetKind,
          .sides = "320 or 640",
          .usual_side = "the installed file's size",
          .crop = {.factor = 0.91, .down = -0.02},
          .deepface = "yunet"};
}

std::vector<ExpectedOutput> yunet_outputs(int side) {
  struct Part {
    const char* name;
    int numbers;
  };
  std::vector<ExpectedOutput> outputs;
  for (const Part part : {Part{"cls_", 1}, Part{"obj_", 1}, Part{"bbox_", 4}, Part{"kps_", 10}}) {
    for (const int stride : kStrides) {
      const int cells = (side / stride) * (side / stride);
      outputs.push_back({part.name + std::to_string(stride), {1, cells, part.numbers}});
    }
  }
  return outputs;
}

std::vector<FaceCandidate> decode_yunet(std::span<const cv::Mat> outputs, int side,
                                        double least_score) {
  std::vector<FaceCandidate> candidates;
  constexpr std::size_t kLevels = kStrides.size();
  for (std::size_t i = 0; i < kLevels; ++i) {
    const Level level{.cls = outputs[i].ptr<float>(),
                      .obj = outputs[kLevels + i].ptr<float>(),
                      .bbox = outputs[2 * kLevels + i].ptr<float>(),
                      .kps = outputs[3 * kLevels + i].ptr<float>(),
                      .stride = kStrides[i],
                      .columns = side / kStrides[i]};
    for (int cell = 0; cell < level.columns * level.columns; ++cell) {
      if (level.score(cell) >= least_score) candidates.push_back(level.candidate(cell));
    }
  }
  return candidates;
}

YunetDetector::YunetDetector(const std::filesystem::path& model, runtime::Precision precision) {
  const DetectorFile file = read_detector_file(model);
  // Where it is another network, its outputs are the clearer news: OnnxNetwork looks at them.
  if (file.onnx.has_output(kYunetMark)) side_ = side_of(file.onnx, model);
  network_.emplace(file, model, kYunetKind, NetworkOptions{.side = side_, .precision = precision},
                   yunet_outputs(side_));
}

std::vector<DetectedFace> YunetDetector::detect(const cv::Mat& bgr) {
  const Letterbox letterbox(bgr.size(), side_);
  try {
    const std::vector<cv::Mat> outputs =
        network_->run(letterbox.apply(bgr), letterbox.filled(), false);
    const auto candidates = decode_yunet(outputs, side_, kLeastScore);
    return to_faces(suppress_overlaps(candidates, kMostOverlap), letterbox, bgr.size());
  } catch (const cv::Exception& failure) {
    throw Error("detector yunet: failed on a picture of " + std::to_string(bgr.cols) + "x" +
                std::to_string(bgr.rows) + " pixels: " + failure.err);
  }
}

}  // namespace fer::detect
