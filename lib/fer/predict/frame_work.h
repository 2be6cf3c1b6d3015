// A frame between its source and its writer.
#pragma once

#include <opencv2/core/mat.hpp>
#include <optional>
#include <span>
#include <vector>

#include "fer/core/face.h"
#include "fer/infer/classify_faces.h"
#include "fer/output/face_prediction.h"
#include "fer/track/scene_cuts.h"

namespace fer::predict {

// A frame under way.
struct FrameWork {
  output::FramePrediction prediction;
  Faces crops;                 // of prediction.faces, in the format that is wanted
  std::vector<FaceCuts> cuts;  // likewise, where other cuts are wanted (FindOptions::wanted)
  cv::Mat drawn;               // the annotated picture, where one is wanted
  std::optional<track::FrameLook> look;  // of a moving picture
  int least_face = 0;           // about the smallest that could be found, in pixels; 0: any
  int least_face_in_parts = 0;  // the same, were the picture searched in parts
};

// Fills in the probabilities of the faces of all these frames, which are classified together.
void classify_frames(std::span<FrameWork> frames, const infer::ClassifyFaces& classify);

}  // namespace fer::predict
