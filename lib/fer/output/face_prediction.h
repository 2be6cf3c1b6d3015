// What comes out of prediction: frames with their faces.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <opencv2/core/types.hpp>
#include <optional>
#include <vector>

#include "fer/source/source.h"

namespace fer::output {

struct FacePrediction {
  cv::Rect box;                       // pixels of the frame; may reach beyond it
  double score = 0.0;                 // of the detector, see DetectedFace
  std::optional<std::int64_t> track;  // the same face has the same number in the next frames
  std::vector<float> probabilities;   // [C] in label order, sums to 1; never empty
  // What to show in place of the most probable class, so that the label does not flicker.
  std::optional<std::size_t> steady_label = {};
  bool uncertain = false;  // too improbable to be shown as a label

  // The steady label, else the most probable class, the first of equals.
  std::size_t label() const {
    if (steady_label) return *steady_label;
    return static_cast<std::size_t>(std::max_element(probabilities.begin(), probabilities.end()) -
                                    probabilities.begin());
  }
  float probability() const { return probabilities[label()]; }
};

// What is shown of an uncertain face in place of its label.
inline constexpr const char* kUncertain = "uncertain";

struct FramePrediction {
  source::Frame frame;  // where frame.error is set, nothing could be predicted
  std::vector<FacePrediction> faces;
};

}  // namespace fer::output
