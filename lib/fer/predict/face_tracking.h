// Tracks the faces of videos.
#pragma once

#include <string>

#include "fer/predict/frame_work.h"
#include "fer/track/scene_cuts.h"
#include "fer/track/tracker.h"

namespace fer::predict {

// Numbers the faces of videos, with new numbers in each scene. Frames must come in order.
class FaceTracking {
 public:
  void update(FrameWork& work);

 private:
  track::Tracker tracker_;
  std::string source_;  // of the last frame
  track::SceneCuts cuts_;
};

}  // namespace fer::predict
