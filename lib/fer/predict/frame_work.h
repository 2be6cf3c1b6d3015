// A frame on its way through the pipeline.
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

// The data of a frame between its source and its writer.
struct FrameWork {
  output::FramePrediction prediction;
  Faces crops;                 // of prediction.faces, in the wanted format
  std::vector<FaceCuts> cuts;  // of prediction.faces, if cuts are wanted (FindOptions::wanted)
  cv::Mat drawn;               // the annotated picture, if wanted
  std::optional<track::FrameLook> look;  // of a frame of a video
  int least_face = 0;           // roughly the smallest face that could be found, in pixels; 0: any
  int least_face_in_parts = 0;  // the smallest face if the picture were searched in parts
};

// Classifies the faces of all these frames together and fills in their probabilities.
void classify_frames(std::span<FrameWork> frames, const infer::ClassifyFaces& classify);

}  // namespace fer::predict
