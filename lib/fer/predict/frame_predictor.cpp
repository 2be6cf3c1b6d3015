#include "fer/predict/frame_predictor.h"

#include <utility>

#include "fer/core/error.h"
#include "fer/image/image.h"

namespace fer {

namespace {
// Bounds what waiting pictures hold: three bytes a pixel.
constexpr std::size_t kMostPendingPixels = 64'000'000;
constexpr std::size_t kMostPendingFrames = 1024;
}  // namespace

FramePredictor::FramePredictor(std::unique_ptr<Detector> detector, ClassifyFaces classify,
                               std::int64_t batch_size, const CropOptions& crop)
    : detector_(std::move(detector)),
      classify_(std::move(classify)),
      batch_size_(static_cast<std::size_t>(batch_size)),
      crop_(crop) {}

// One picture that a detector cannot work on must not end the run: it fails as an unreadable one does.
std::vector<DetectedFace> FramePredictor::detect(Frame& frame) const {
  if (frame.failed()) return {};
  try {
    return detector_->detect(frame.image);
  } catch (const Error& failure) {
    frame.error = frame.source + ": " + failure.what();
    return {};
  }
}

void FramePredictor::add(Frame frame) {
  FramePrediction prediction;
  for (const DetectedFace& face : detect(frame)) {
    faces_.push_back(face_pixels(frame.image, crop_of(face, crop_)));
    FacePrediction& found = prediction.faces.emplace_back();
    found.box = face.box;
    found.score = face.score;
  }
  pending_pixels_ += frame.image.total();
  prediction.frame = std::move(frame);
  pending_.push_back(std::move(prediction));
}

bool FramePredictor::full() const {
  return faces_.size() >= batch_size_ || pending_pixels_ >= kMostPendingPixels ||
         pending_.size() >= kMostPendingFrames ||
         (!pending_.empty() && pending_.back().frame.moving());
}

std::vector<FramePrediction> FramePredictor::flush() {
  std::vector<std::vector<float>> rows;
  if (!faces_.empty()) rows = classify_(faces_);
  std::size_t row = 0;
  for (FramePrediction& prediction : pending_) {
    for (FacePrediction& face : prediction.faces) face.probabilities = std::move(rows.at(row++));
  }
  faces_.clear();
  pending_pixels_ = 0;
  return std::exchange(pending_, {});
}

}  // namespace fer
