#include "fer/predict/face_tracking.h"

#include <utility>
#include <vector>

namespace fer::predict {

void FaceTracking::update(FrameWork& work) {
  output::FramePrediction& prediction = work.prediction;
  if (!prediction.frame.moving()) return;
  const bool another = std::exchange(source_, prediction.frame.source) != prediction.frame.source;
  const bool cut = work.look && cuts_.cut(*work.look, prediction.frame.time_s);
  if (another || cut) tracker_.start_over();
  std::vector<cv::Rect> boxes;
  for (const output::FacePrediction& face : prediction.faces) boxes.push_back(face.box);
  const auto tracks = tracker_.update(prediction.frame.time_s, boxes);
  for (std::size_t i = 0; i < tracks.size(); ++i) prediction.faces[i].track = tracks[i];
}

}  // namespace fer::predict
