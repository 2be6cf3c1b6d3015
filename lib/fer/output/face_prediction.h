// The results of prediction: frames with their faces.
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
  double score = 0.0;                 // by the detector, see DetectedFace
  std::optional<std::int64_t> track;  // number of the face in all frames of its source
  std::vector<float> probabilities;   // [C] in label order, sums to 1; never empty
  // The label to show in place of the most probable class, so that it does not flicker.
  std::optional<std::size_t> steady_label = {};
  bool uncertain = false;  // no class is probable enough to be shown

  // The steady label, otherwise the most probable class, the first one of equals.
  std::size_t label() const {
    if (steady_label) return *steady_label;
    return static_cast<std::size_t>(std::max_element(probabilities.begin(), probabilities.end()) -
                                    probabilities.begin());
  }
  float probability() const { return probabilities[label()]; }
};

// Shown in place of an uncertain face's label.
inline constexpr const char* kUncertain = "uncertain";

struct FramePrediction {
  source::Frame frame;  // if frame.error is set, there are no predictions
  std::vector<FacePrediction> faces;
};

}  // namespace fer::output
