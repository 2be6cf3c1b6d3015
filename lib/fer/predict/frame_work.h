// What happens to a frame between its source and its writer: faces are found and followed, cut out
// and classified, and their labels steadied.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "fer/core/face.h"
#include "fer/detect/detector.h"
#include "fer/output/face_prediction.h"
#include "fer/predict/face_crop.h"
#include "fer/track/label_smoothing.h"
#include "fer/track/scene_cuts.h"
#include "fer/track/tracker.h"

namespace fer {

// A frame under way.
struct FrameWork {
  FramePrediction prediction;
  std::vector<FacePixels> crops;  // of prediction.faces, what is classified
  cv::Mat drawn;                  // the annotated picture, where one is wanted
  std::optional<FrameLook> look;  // of a moving picture
  int least_face = 0;             // about the smallest that could be found, in pixels; 0: any
  int least_face_in_parts = 0;    // the same, were the picture searched in parts
};

struct FindOptions {
  CropOptions crop;         // what of a detected face is classified
  bool small_faces = true;  // in still pictures also look for small ones (small_faces.h)
  bool follow = true;       // prepare moving ones for FaceFollower
};

// Looks at as many frames at once as it has detectors.
class FaceFinder {
 public:
  FaceFinder(std::vector<std::unique_ptr<Detector>> detectors, const FindOptions& options);

  // Fills in the faces, without their probabilities, and the crops. A failed frame stays as it is;
  // one that the detector cannot work on fails by its name, as an unreadable one does. Several
  // threads may call it, each with a frame of its own; who finds no detector free waits.
  void find(FrameWork& work);

 private:
  class Lease;  // of a detector, given back in any case

  std::vector<DetectedFace> detect(FrameWork& work);
  void find_in(FrameWork& work);

  FindOptions options_;
  std::mutex mutex_;
  std::condition_variable given_back_;
  std::vector<std::unique_ptr<Detector>> free_;
};

// Numbers the faces of moving pictures, anew in each scene. Frames come in their order.
class FaceFollower {
 public:
  void follow(FrameWork& work);

 private:
  Tracker tracker_;
  std::string source_;  // of the last frame
  SceneCuts cuts_;
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
