#include "fer/predict/label_stabilizer.h"

#include <algorithm>
#include <utility>

namespace fer::predict {

LabelStabilizer::LabelStabilizer(const StabilizerOptions& options)
    : options_(options), smoothing_(options.smoothing) {}

void LabelStabilizer::update(output::FramePrediction& prediction) {
  for (output::FacePrediction& face : prediction.faces) {
    if (face.track) {
      track::SteadyFace steady =
          smoothing_.update(face.track, prediction.frame.time_s, face.probabilities);
      face.probabilities = std::move(steady.probabilities);
      face.steady_label = steady.label;
    }
    const float most = *std::max_element(face.probabilities.begin(), face.probabilities.end());
    face.uncertain = double{most} < options_.least_probability;
  }
}

}  // namespace fer::predict
