// Common code of the detectors' tests.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <vector>

#include "fer/core/error.h"
#include "fer/detect/detector.h"
#include "fer/detect/open_detector.h"
#include "fer/runtime/cpu.h"
#include "fer/runtime/precision.h"
#include "source/frame_fixtures.h"
#include "support/process_state.h"

namespace fer::test {

// OpenCV's cascades are in a separate package.
inline bool cascade_is_missing() {
  try {
    detect::choose_detector({.name = "haar", .model = {}});
    return false;
  } catch (const Error&) {
    return true;
  }
}

inline std::optional<std::string> existing_file(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return std::nullopt;
  return path.string();
}

// A file of the shared test data, if this machine has it.
inline std::optional<std::string> shared_file(const std::string& name) {
  const char* given = std::getenv("FER_SHARED");
  const std::filesystem::path shared =
      given != nullptr ? std::filesystem::path(given)
                       : std::filesystem::path(FER_SOURCE_DIR) / ".." / "shared";
  return existing_file(shared / name);
}

// The file scripts/bootstrap.sh fetches.
inline std::optional<std::string> centerface_file() {
  return existing_file(std::filesystem::path(FER_SOURCE_DIR) / ".deps/detectors/centerface.onnx");
}

// side: 320 or 640.
inline std::optional<std::string> yunet_file(int side) {
  const std::string size = std::to_string(side);
  return shared_file("models/yunet_n_" + size + "_" + size + ".onnx");
}

// Those in which detectors run on this machine.
inline std::vector<runtime::Precision> detector_precisions() {
  if (!runtime::runs_bfloat16(runtime::chosen_instructions())) return {runtime::Precision::float32};
  return {runtime::Precision::float32, runtime::Precision::bfloat16};
}

// Whether `box` is centred where the face is and of about its size.
inline bool around(const cv::Rect& box, int x, int y, int size) {
  const cv::Point centre = (box.tl() + box.br()) / 2;
  const int longer = std::max(box.width, box.height);
  return std::abs(centre.x - x) < size / 5 && std::abs(centre.y - y) < size / 5 &&
         std::abs(longer - size) < size / 3;
}

// Whether the eyes are above the nose and that above the mouth, the person's right on the left, all
// inside the box.
inline bool upright(const detect::DetectedFace& face) {
  if (!face.landmarks) return false;
  const detect::FaceLandmarks& at = *face.landmarks;
  const cv::Rect2d box(face.box);
  for (const cv::Point2d& point :
       {at.right_eye, at.left_eye, at.nose, at.right_mouth, at.left_mouth}) {
    if (!box.contains(point)) return false;
  }
  return at.right_eye.x < at.left_eye.x && at.right_mouth.x < at.left_mouth.x &&
         std::max(at.right_eye.y, at.left_eye.y) < at.nose.y &&
         at.nose.y < std::min(at.right_mouth.y, at.left_mouth.y);
}

}  // namespace fer::test
