// What happens to a frame between its source and its writer: faces are found and followed, cut out
// and classified, and their labels steadied.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "fer/core/face.h"
#include "fer/predict/detector.h"
#include "fer/predict/face_crop.h"
#include "fer/predict/face_prediction.h"
#include "fer/predict/label_smoothing.h"
#include "fer/predict/tracker.h"

namespace fer {

// A frame under way.
struct FrameWork {
  FramePrediction prediction;
  std::vector<FacePixels> crops;  // of prediction.faces, what is classified
  cv::Mat drawn;                  // the annotated picture, where one is wanted
};

struct FindOptions {
  CropOptions crop;          // what of a detected face is classified
  bool small_faces = false;  // in still pictures also look for small ones (small_faces.h)
  bool follow = true;        // number the faces of moving pictures
};

// Not to be called from two threads at once: frames come in their order.
class FaceFinder {
 public:
  FaceFinder(std::unique_ptr<Detector> detector, const FindOptions& options);

  // Fills in the faces, without their probabilities, and the crops. A failed frame stays as it is;
  // one that the detector cannot work on fails by its name, as an unreadable one does.
  void find(FrameWork& work);

 private:
  std::vector<DetectedFace> detect(Frame& frame);
  void follow(FramePrediction& prediction);

  std::unique_ptr<Detector> detector_;
  FindOptions options_;
  Tracker tracker_;
  std::string source_;  // of the last frame
};

// The probabilities [C] of each face, in order; a row sums to 1. How the faces are classified (a
// network, several, none) is the caller's affair: this room's frames know no tensor library.
using ClassifyFaces =
    std::function<std::vector<std::vector<float>>(std::span<const FacePixels> faces)>;

// The faces of all these frames together.
void classify_frames(std::span<FrameWork> frames, const ClassifyFaces& classify);

struct JudgeOptions {
  SmoothingOptions smoothing;
  double least_probability = 0.0;  // a face none of whose classes has it is uncertain
};

// Says what is shown of each face: probabilities averaged along its track, a label that does not
// flicker, or that it is uncertain. Frames come in their order.
class FaceJudge {
 public:
  explicit FaceJudge(const JudgeOptions& options);

  void judge(FramePrediction& prediction);

 private:
  JudgeOptions options_;
  TrackSmoothing smoothing_;
};

}  // namespace fer
