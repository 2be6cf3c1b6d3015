// Chooses the label that is shown for each face.
#pragma once

#include "fer/output/face_prediction.h"
#include "fer/track/label_smoothing.h"

namespace fer::predict {

struct StabilizerOptions {
  track::SmoothingOptions smoothing;
  double least_probability = 0.0;  // a face without a class of this probability is uncertain
};

// Averages the probabilities along a face's track, and chooses a label that does not flicker, or
// "uncertain". Frames must come in order.
class LabelStabilizer {
 public:
  explicit LabelStabilizer(const StabilizerOptions& options);

  void update(output::FramePrediction& prediction);

 private:
  StabilizerOptions options_;
  track::TrackSmoothing smoothing_;
};

}  // namespace fer::predict
