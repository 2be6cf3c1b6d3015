#include "fer/predict/frame_work.h"

#include <utility>

namespace fer::predict {

void classify_frames(std::span<FrameWork> frames, const infer::ClassifyFaces& classify) {
  Faces faces;
  std::vector<FaceCuts> cuts;
  for (const FrameWork& work : frames) {
    if (!work.crops.empty()) faces.append(work.crops);
    cuts.insert(cuts.end(), work.cuts.begin(), work.cuts.end());
  }
  if (faces.empty()) return;
  std::vector<std::vector<float>> rows = classify(faces, cuts);
  std::size_t row = 0;
  for (FrameWork& work : frames) {
    for (output::FacePrediction& face : work.prediction.faces) {
      face.probabilities = std::move(rows.at(row++));
    }
  }
}

}  // namespace fer::predict
