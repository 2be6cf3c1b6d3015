// Frames in, frames with classified faces out: detection, cutting out, and classification of the
// faces of several frames together.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "fer/core/face.h"
#include "fer/predict/detector.h"
#include "fer/predict/face_crop.h"
#include "fer/predict/face_prediction.h"

namespace fer {

// The probabilities [C] of each face, in order; a row sums to 1. How the faces are classified (a
// network, several, none) is the caller's affair: this room's frames know no tensor library.
using ClassifyFaces =
    std::function<std::vector<std::vector<float>>(std::span<const FacePixels> faces)>;

class FramePredictor {
 public:
  // Gathers at least `batch_size` faces of still pictures before they are classified. `crop` says
  // what of a detected face they see (usual_crop of the detector).
  FramePredictor(std::unique_ptr<Detector> detector, ClassifyFaces classify,
                 std::int64_t batch_size, const CropOptions& crop);

  // Finds the frame's faces. A failed frame keeps its place and its error.
  // @throws fer::Error where the detector fails.
  void add(Frame frame);

  // Whether it is time to flush: there are faces enough, the frames hold much memory, or the last
  // one is of a moving picture, which should not lag.
  bool full() const;

  // Everything added since the last flush, classified, in the order it came.
  std::vector<FramePrediction> flush();

 private:
  std::vector<DetectedFace> detect(Frame& frame) const;

  std::unique_ptr<Detector> detector_;
  ClassifyFaces classify_;
  std::size_t batch_size_;
  CropOptions crop_;
  std::vector<FramePrediction> pending_;
  std::vector<FacePixels> faces_;  // of the pending frames
  std::size_t pending_pixels_ = 0;
};

}  // namespace fer
