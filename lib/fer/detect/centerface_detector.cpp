#include "fer/detect/centerface_detector.h"

#include <cmath>
#include <opencv2/core.hpp>

#include "fer/core/error.h"
#include "fer/core/option_error.h"
#include "fer/detect/detector_kind.h"
#include "fer/detect/letterbox.h"

namespace fer::detect {

namespace {

constexpr const char* kCenterfaceKind = "a CenterFace detector";
constexpr const char* kHeatmap = "537";  // the output of scores, which no other detector has
constexpr int kStride = 4;
constexpr int kSideStep = 32;  // the deepest layers see one cell for so many pixels
constexpr int kLargestSide = 2048;
constexpr double kLeastScore = 0.35;  // half of the small or blurred faces lie below 0.7
constexpr double kMostOverlap = 0.3;

int checked_side(int side) {
  if (side >= kSideStep && side <= kLargestSide && side % kSideStep == 0) return side;
  throw OptionError("detector_size", std::to_string(side) + " is not a multiple of " +
                                         std::to_string(kSideStep) + " from " +
                                         std::to_string(kSideStep) + " to " +
                                         std::to_string(kLargestSide));
}

// The numbers of one cell, each in a plane [rows, columns] of its own.
struct Cell {
  std::span<const cv::Mat> outputs;
  int row;
  int column;

  double number(std::size_t output, int plane) const {
    const cv::Mat& blob = outputs[output];
    return double{blob.ptr<float>(0, plane)[row * blob.size[3] + column]};
  }
};

FaceCandidate candidate_of(const Cell& cell) {
  const double height = std::exp(cell.number(1, 0)) * kStride;
  const double width = std::exp(cell.number(1, 1)) * kStride;
  const cv::Point2d centre((cell.column + cell.number(2, 1) + 0.5) * kStride,
                           (cell.row + cell.number(2, 0) + 0.5) * kStride);
  const cv::Rect2d box(centre.x - width / 2, centre.y - height / 2, width, height);
  const auto landmark = [&](int index) {
    return cv::Point2d(box.x + cell.number(3, 2 * index + 1) * width,
                       box.y + cell.number(3, 2 * index) * height);
  };
  return {.box = box,
          .score = cell.number(0, 0),
          .landmarks = {.right_eye = landmark(0),
                        .left_eye = landmark(1),
                        .nose = landmark(2),
                        .right_mouth = landmark(3),
                        .left_mouth = landmark(4)}};
}

}  // namespace

DetectorKind kinds::centerface() {
  return {.open = [](const std::filesystem::path& file, int side,
                     runtime::Precision precision) -> std::unique_ptr<Detector> {
            return std::make_unique<CenterfaceDetector>(
                file, side == 0 ? CenterfaceDetector::kUsualSide : side, precision);
          },
          .files = {{"centerface.onnx"}},
          .onnx_output = kHeatmap,
          .file_is = kCenterfaceKind,
          .sides = "a multiple of " + std::to_string(kSideStep),
          .usual_side = std::to_string(CenterfaceDetector::kUsualSide),
          .crop = {.factor = 1.0, .down = -0.02},
          .deepface = "centerface"};
}

std::vector<ExpectedOutput> centerface_outputs(int side) {
  const int cells = side / kStride;
  return {{kHeatmap, {1, 1, cells, cells}},
          {"538", {1, 2, cells, cells}},
          {"539", {1, 2, cells, cells}},
          {"540", {1, 10, cells, cells}}};
}

std::vector<FaceCandidate> decode_centerface(std::span<const cv::Mat> outputs, double least_score) {
  std::vector<FaceCandidate> candidates;
  const cv::Mat& heat = outputs[0];
  for (int row = 0; row < heat.size[2]; ++row) {
    for (int column = 0; column < heat.size[3]; ++column) {
      const Cell cell{.outputs = outputs, .row = row, .column = column};
      if (cell.number(0, 0) >= least_score) candidates.push_back(candidate_of(cell));
    }
  }
  return candidates;
}

CenterfaceDetector::CenterfaceDetector(const std::filesystem::path& model, int side,
                                       runtime::Precision precision)
    : side_(checked_side(side)),
      network_(read_detector_file(model), model, kCenterfaceKind,
               {.side = side, .precision = precision}, centerface_outputs(side)) {}

std::vector<DetectedFace> CenterfaceDetector::detect(const cv::Mat& bgr) {
  const Letterbox letterbox(bgr.size(), side_);
  try {
    const std::vector<cv::Mat> outputs =
        network_.run(letterbox.apply(bgr), letterbox.filled(), true);
    const auto candidates = decode_centerface(outputs, kLeastScore);
    return to_faces(suppress_overlaps(candidates, kMostOverlap), letterbox, bgr.size());
  } catch (const cv::Exception& failure) {
    throw Error("detector centerface: failed on a picture of " + std::to_string(bgr.cols) + "x" +
                std::to_string(bgr.rows) + " pixels: " + failure.err);
  }
}

}  // namespace fer::detect
